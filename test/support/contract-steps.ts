import type {
  Claim,
  DeliveredRun,
  HeldRun,
  JobChange,
  JobReading,
  Settlement,
  StartOutcome,
} from '@carillon/core/internal';
import type { Contract } from './contract.js';
import { adding, at, changing, elect, newRun } from './contract-records.js';

interface Started extends HeldRun {
  readonly done: number;
}

/** Redis, memory. */
export type Pair = readonly [Contract, Contract];

export const STEPS = [
  ...[
    'pass',
    'put',
    'put',
    'put',
    'read',
    'list',
    'inspect',
    'damage',
    'submit',
    'setPaused',
    'elect',
    'due',
    'claim',
    'claim',
  ],
  ...[
    'deliver',
    'deliver',
    'delivered',
    'delivered',
    'refuse',
    'suspects',
    'reap',
    'reap',
    'quarantine',
    'loseWorkers',
  ],
  ...['start', 'start', 'start', 'settle', 'settle', 'settle', 'heartbeat', 'handBack', 'join', 'leave'],
] as const;

export interface Step {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const IDS = ['a', '7', 'x:y "z"', '__proto__'];
const TOKENS = ['t1', 't2', 't3'];
const PASS = [0, 1, 50, 100, 1_000, 10_001];
const LEASE_MS = 100;
const BODY = '"jobStore":"default"';

/** Plays the same steps on two stores. What it knows it has from the first one's answers. */
export class Play {
  readonly #pair: Pair;
  readonly #deliveries: DeliveredRun[] = [];
  /** What was started, the last first. */
  readonly #started: Started[] = [];
  #reading: JobReading | undefined;
  #epoch = 0;
  #calls = 0;
  readonly #last = new Map<string, { readonly params: unknown; readonly now: number }>();

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  /** Both answers. */
  async step(step: Step): Promise<readonly unknown[]> {
    const call = this.#call(step);
    const answers: unknown[] = [];
    for (const contract of this.#pair) {
      answers.push(await Promise.resolve(call(contract)).catch((error: unknown) => ({ error: String(error) })));
    }
    this.#learn(step, answers[0]);
    return answers;
  }

  #learn({ kind, c }: Step, answer: unknown): void {
    if (kind === 'read' || kind === 'damage') this.#reading = answer as JobReading;
    if (kind === 'elect') this.#epoch = answer as number;
    if (kind === 'deliver') {
      const { value } = answer as { value?: { runs: readonly DeliveredRun[] } };
      this.#deliveries.unshift(...(value?.runs ?? []));
    }
    if (kind === 'start') {
      const [outcome] = answer as readonly StartOutcome[];
      if (outcome?.status !== 'started') return;
      const { runId, done } = outcome.run;
      this.#started.unshift({ runId, token: TOKENS[c % 3] ?? '', done });
    }
  }

  #call(step: Step): (contract: Contract) => unknown {
    const { a, b, c, d } = step;
    const [{ now }] = this.#pair;
    const epoch = a === 0 ? this.#epoch - 1 : this.#epoch;
    const run = this.#deliveries[b % Math.min(4, this.#deliveries.length || 1)] ?? NO_RUN;
    const token = TOKENS[c % 3] ?? '';
    const last = this.#started[b % Math.min(3, this.#started.length || 1)];
    const held = last && c % 4 > 0 ? last : { runId: run.runId, token, done: 0 };
    switch (step.kind) {
      case 'pass':
        return ({ pass }) => pass(PASS[a % PASS.length] ?? 0);
      case 'put': {
        const params = {
          op: this.#name('op'),
          readAt: b === 0 ? now - 10_001 : now,
          changes: this.#changes(step, now),
        };
        const call = this.#orRepeated('put', step, now, params);
        return ({ store }) => store.records.put(call);
      }
      case 'read':
        return ({ store }) => store.records.read(IDS);
      case 'list':
        return (contract) => listed(contract, 1 + (a % 5));
      case 'inspect':
        return looked;
      case 'damage': {
        const id = IDS[a % 4] ?? '';
        return (contract) => damaged(contract, b % 3 === 0 ? id : null);
      }
      case 'submit': {
        const params = {
          op: this.#name('op'),
          run: this.#newRun(step, now),
          submitted: `${BODY},"a":${a}`,
          maxInstances: `${BODY},"b":${b}`,
        };
        const call = this.#orRepeated('submit', step, now, params);
        return ({ store }) => store.records.submit(call);
      }
      case 'setPaused': {
        const paused = a % 4 === 0;
        const event = { type: paused ? 'scheduler_paused' : 'scheduler_resumed', body: BODY };
        return ({ store }) => store.records.setPaused({ paused, event });
      }
      case 'elect':
        return elect;
      case 'due':
        return ({ store }) => store.terms.due(1 + (a % 5));
      case 'claim': {
        const claims = this.#claims(step, now);
        return ({ store }) => store.terms.claim({ epoch, claims });
      }
      case 'deliver': {
        const nonce = this.#name('n');
        return ({ store }) => store.terms.deliver({ epoch, limit: 1 + (b % 4), nonce });
      }
      case 'delivered':
        return ({ store }) => store.terms.delivered({ epoch, runs: this.#deliveries.slice(0, b % 5) });
      case 'refuse':
        return d % 4 === 0 ? ({ store }) => store.terms.refuse({ epoch, run, error: '{"message":"no"}' }) : () => null;
      case 'suspects':
        return async ({ store }) => {
          const page = await store.terms.suspects({ limit: 200, cursor: '0' });
          return { ...page, suspects: page.suspects.map(({ runId, deliveryId }) => `${runId} ${deliveryId}`).sort() };
        };
      case 'reap':
        return ({ store }) => store.terms.reap({ epoch, suspect: run, leaseMs: LEASE_MS });
      case 'quarantine': {
        const job = this.#reading?.jobs.find((one) => one && 'why' in one && one.pending);
        if (!job || !('why' in job)) return () => null;
        const record = { kind: 'job', id: job.id, why: job.why, dueAt: job.pending?.dueAt ?? 0 } as const;
        return ({ store }) => store.terms.quarantine({ epoch, record, event: { type: 'job_quarantined', body: BODY } });
      }
      case 'loseWorkers':
        return ({ store }) => store.terms.loseWorkers({ epoch, silentMs: 100 });
      case 'start':
        return ({ store }) =>
          store.ledger.start({
            deliveryId: run.deliveryId,
            runIds: [run.runId, 'unknown'],
            token,
            workerId: 'w',
            leaseMs: LEASE_MS,
            maxWorkerLosses: 1,
          });
      case 'settle': {
        const params = { op: this.#name('op'), settlements: settlements(held, step) };
        const call = this.#orRepeated('settle', step, now, params);
        return ({ store }) => store.ledger.settle(call);
      }
      case 'heartbeat':
        return ({ store }) => store.ledger.heartbeat({ worker: workerOf(a), leaseMs: LEASE_MS, held: [held] });
      case 'handBack':
        return ({ store }) => store.ledger.handBack([held]);
      case 'join':
        return ({ store }) => store.ledger.join({ worker: workerOf(a), event: { type: 'worker_joined', body: BODY } });
      case 'leave':
        return ({ store }) => store.ledger.leave(workerOf(a).workerId);
      default:
        throw new Error(`no step ${step.kind}`);
    }
  }

  #name(of: string): string {
    this.#calls += 1;
    return `${of}${this.#calls}`;
  }

  /** Now and then the same call again, as long as it is remembered. */
  #orRepeated<Params extends { readonly op: string }>(kind: string, { d }: Step, now: number, params: Params): Params {
    const last = this.#last.get(kind);
    if (last && d % 8 === 0 && now - last.now < 50_000) return last.params as Params;
    this.#last.set(kind, { params, now });
    return params;
  }

  /** Mostly as was read last, sometimes not. */
  #changes({ a, b, c, d }: Step, now: number): JobChange[] {
    return [...new Set([a, a + b])].slice(0, 1 + (c % 2)).map((choice, index) => {
      const place = choice % 4;
      const id = IDS[place] ?? '';
      const pending = d % 3 === 0 ? null : at(now + (d % 7) * 20 - 60, now + (d % 7) * 20 - 60 - (c % 3));
      const job = this.#reading?.jobs[place];
      if (!job || 'why' in job) return adding(id, pending, this.#reading?.tombstones[place] ?? null);
      const rev = job.rev + (c === 0 ? 1 : 0);
      const record = { pending, newGeneration: b % 2 === 0, json: `"${index}"` };
      return changing(id, { rev, dueAt: job.pending?.dueAt ?? null }, b % 5 === 0 ? null : record);
    });
  }

  #claims({ a, b, c, d }: Step, now: number): Claim[] {
    return (this.#reading?.jobs ?? []).flatMap((job, place) => {
      if (!job || 'why' in job || !job.pending || (a + place) % 3 === 0) return [];
      const next = b % 5 === 0 ? null : at(now + (c % 9) * 30, now + (c % 9) * 30 - (d % 2));
      return {
        id: job.id,
        expected: { rev: job.rev, dueAt: job.pending.dueAt },
        next,
        tombstone: c % 2 === 0 ? 'tomb' : null,
        run: d % 6 === 0 ? null : { ...this.#newRun({ kind: '', a: place, b, c, d }, now), jobId: job.id },
        events: {
          missed: d % 3 === 0 ? `${BODY},"d":${d}` : null,
          submitted: BODY,
          maxInstances: BODY,
          removed: BODY,
        },
      };
    });
  }

  #newRun({ a, b, c, d }: Step, now: number) {
    const runId = this.#name('r');
    const fires = Array.from({ length: 1 + (c % 3) }, (_, index) => {
      const fireTime = now - 100 + 40 * index;
      return { fireTime, dueAt: fireTime + (d % 5) };
    });
    const graceMs = b % 3 === 0 ? (b % 4) * 30 : null;
    return newRun(runId, a % 5 === 4 ? null : (IDS[a % 4] ?? ''), { fires, graceMs, maxInstances: 1 + (d % 3) });
  }
}

const NO_RUN: DeliveredRun = { runId: 'none', deliveryId: 'd', executor: 'default' };

const workerOf = (choice: number) => ({ workerId: `w${choice % 3}`, json: `{"a":${choice}}` });

function settlements({ runId, token, done }: Started, { a, b }: Step): Settlement[] {
  const outcome = a % 2 === 0 ? 'executed' : 'error';
  return Array.from({ length: 1 + (b % 2) }, (_, offset) => ({
    runId,
    token,
    index: done + (a % 6 === 0 ? 1 : 0) + offset,
    outcome,
    event: { type: `job_${outcome}`, body: `${BODY},"a":${a}` },
  }));
}

/** Damages a job, if it is there, and reads them all. */
async function damaged(contract: Contract, id: string | null): Promise<JobReading> {
  const { records } = contract.store;
  const [job] = id === null ? [] : (await records.read([id])).jobs;
  if (job && !('why' in job)) await contract.damage('job', job.id);
  return records.read(IDS);
}

/** The whole of a store; which order its runs and its quarantine have is each store's own. */
async function looked({ store }: Contract) {
  const look = await store.records.inspect({ runs: 1_000, quarantined: 1_000 });
  const quarantined = look.quarantined.map(({ id, json }) => [id, JSON.parse(json)]);
  const runs = look.runs.map(({ runId, executor, label }) => `${runId} ${executor} ${label}`);
  return { ...look, runs: runs.sort(), quarantined: Object.fromEntries(quarantined) };
}

/** All pages, whose cut and whose order of paused jobs is each store's own. */
async function listed({ store }: Contract, limit: number) {
  const jobs: { readonly id: string; readonly pending: unknown }[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.records.list({ limit, cursor });
    jobs.push(...page.jobs);
    cursor = page.cursor;
  } while (cursor !== null);
  const scheduled = jobs.filter(({ pending }) => pending !== null);
  const paused = jobs.filter(({ pending }) => pending === null);
  return [...scheduled, ...paused.sort((one, other) => (one.id < other.id ? -1 : 1))];
}
