import {
  type ClaimOutcome,
  type Delivery,
  type EventDraft,
  type Fenced,
  FORMATS,
  type JobChange,
  type JobStore,
  type LedgerRun,
  type NewRun,
  type Pending,
  type Suspect,
  type TermStore,
} from '@carillon/core/internal';
import { labelText } from '../../packages/core/src/event/run-texts.js';
import { EVENT_TYPES } from '../../packages/core/src/event/schema.js';
import type { TestedStore } from './contract.js';

/** A message that a store published: an event, a wake-up, or a control message to the workers. */
export type Heard = { readonly [member: string]: unknown } | string;

export const at = (dueAt: number, fireTime = dueAt): Pending => ({ fireTime, dueAt });

/** An event with its own body. */
const reported = (type: string, note: string): EventDraft => ({
  type,
  about: { jobStore: 'default', note },
});

/** Returns how many jobs were claimed; throws if the outcome has no statuses. */
export function claimedOf(outcome: Fenced<ClaimOutcome>): number {
  if (outcome.status !== 'done' || outcome.value === 'paused' || 'refused' in outcome.value)
    throw new Error(`nothing was claimed: ${JSON.stringify(outcome)}`);
  return outcome.value.filter((status) => status !== 'skipped').length;
}

/** A new job. */
export function adding(id: string, pending: Pending | null, tombstone: string | null = null): JobChange {
  return {
    id,
    expected: { rev: null, tombstone },
    record: { digest: 'digest', json: JSON.stringify({ of: id }), pending, newGeneration: true },
    events: [reported('job_added', id)],
  };
}

/** A change of a job that was read with this `rev` and due instant. */
export function changing(
  id: string,
  expected: { readonly rev: number; readonly dueAt: number | null | 'any' },
  record: Partial<NonNullable<JobChange['record']>> | null,
): JobChange {
  const whole = { digest: 'other', json: '"other"', pending: null, newGeneration: true, ...record };
  return { id, expected, record: record && whole, events: [reported(record ? 'job_modified' : 'job_removed', id)] };
}

let ops = 0;
export const op = () => `op-${++ops}`;

/** Writes jobs; throws if one is not written. */
export async function put({ store, now }: TestedStore, ...changes: JobChange[]): Promise<void> {
  const outcome = await store.records.put({ op: op(), readAt: now, changes });
  const isDone = outcome.status === 'done' && outcome.left.length === 0;
  if (!isDone) throw new Error(`the store says ${JSON.stringify(outcome)}`);
}

/** A run of a job, or of no job if `jobId` is null. */
export function newRun(runId: string, jobId: string | null, more: Partial<NewRun> = {}): NewRun {
  return {
    runId,
    jobId,
    task: 't',
    fires: [{ fireTime: 1_000, dueAt: 1_000 }],
    graceMs: null,
    maxInstances: 1,
    overlap: 'skip',
    executor: 'default',
    priority: 0,
    history: null,
    coalesced: null,
    payload: JSON.stringify({ run: runId }),
    ...more,
  };
}

/** The run as a worker receives it. */
export function startedRun(run: NewRun, { starts = 1, done = 0, tries = 0, cancelled = false } = {}): LedgerRun {
  const { runId, jobId, task, fires, executor, overlap, history, payload } = run;
  const label = labelText('default', run);
  return { runId, jobId, task, fires, executor, overlap, history, payload, starts, done, tries, cancelled, label };
}

/** Takes the lock, begins a term and releases the lock: the term goes on until the next one begins. */
export async function elect({ backend, store }: TestedStore): Promise<number> {
  const lock = await backend.election(store.alias, 60_000).acquire();
  if (!lock) throw new Error('the lock is taken');
  const epoch = await store.terms.beginTerm({ lock: lock.value, coordinatorId: 'c' });
  await lock.release();
  if (epoch === null) throw new Error('no term began');
  return epoch;
}

/** Begins a term and raises the format to the newest: from then on, all that a call publishes is logged together. */
export async function raiseFormat({ backend, store }: TestedStore): Promise<number> {
  const lock = await backend.election(store.alias, 60_000).acquire();
  const epoch = await store.terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' });
  const emptied = { type: 'jobstore_emptied', about: { jobStore: 'default' } } as const;
  await store.contenders.show({ coordinatorId: 'c', aliveMs: 60_000, number: 1, leads: 1, epoch, born: null, emptied });
  const { format } = (await store.records.inspect({ runs: 0, quarantined: 0 })).format;
  if (format !== FORMATS.newest || epoch === null) throw new Error(`format ${format} is written`);
  return epoch;
}

/** Enters a run, delivers it, and returns the delivery's id. */
export async function deliver(contract: TestedStore, epoch: number, run: NewRun): Promise<string> {
  await contract.store.records.submit({ op: op(), run });
  return deliverAll(contract, epoch).then((ids) => ids.get(run.runId) ?? '');
}

/** A delivery of one run. */
export function deliveryOf({ runId, deliveryId, executor }: Suspect): Delivery {
  return { id: deliveryId, executor, priority: 0, runIds: [runId] };
}

/** Gives each run of an outbox page its own delivery id, made of the nonce and the run's place in the page. */
export async function deliverPage(
  terms: TermStore,
  { epoch, limit, nonce }: { readonly epoch: number; readonly limit: number; readonly nonce: string },
) {
  const { runs: found, unreadable } = await terms.outbox(limit);
  const runs = found.map((run, index) => ({ ...run, deliveryId: `d${nonce}-${index + 1}` }));
  const given = await terms.assign({ epoch, deliveries: runs.map(deliveryOf) });
  if (given.status === 'over') throw new Error('the term is over');
  return { runs: runs.filter(({ runId }) => given.value.includes(runId)), unreadable };
}

/** Delivers the runs of the outbox, and returns the delivery ids by run. */
export async function deliverAll({ store: { terms } }: TestedStore, epoch: number): Promise<Map<string, string>> {
  const { runs } = await deliverPage(terms, { epoch, limit: 100, nonce: op() });
  await terms.confirmQueued({ epoch, deliveries: runs.map(deliveryOf) });
  return new Map(runs.map(({ runId, deliveryId }) => [runId, deliveryId]));
}

const MARKER = 'marker';

/** Listens to all that a store publishes. Returns a function that resolves with what came since its last call, in order. */
export async function listen({
  backend,
  store,
}: Pick<TestedStore, 'backend'> & { store: JobStore }): Promise<() => Promise<Heard[]>> {
  const heard: Heard[] = [];
  const markers: (() => void)[] = [];
  const bus = backend.eventBus(store.alias);
  for (const type of EVENT_TYPES) {
    await bus.subscribe(`events:${type}`, (message) => heard.push(JSON.parse(message)));
  }
  for (const channel of ['wakeup', 'control'] as const) {
    await bus.subscribe(channel, (message) => heard.push(message));
  }
  await bus.subscribe(`events:${MARKER}`, () => markers.shift()?.());
  return async () => {
    // Messages arrive in the order in which they were published.
    const marked = new Promise<void>((resolve) => markers.push(resolve));
    await store.records.announce({ op: op(), event: { type: MARKER, about: { jobStore: 'default' } } });
    await marked;
    return heard.splice(0);
  };
}

/** An event as a listener receives it; an event of a run has the values that `newRun` gives the run. */
export const event = (type: string, seq: number, now: number, more: object) => ({
  v: 1,
  seq,
  type,
  at: now,
  jobStore: 'default',
  ...('runId' in more && { task: 't' }),
  ...(OF_SUBMISSIONS.has(type) && { scheduledRunTimes: [1_000] }),
  ...more,
});

const OF_SUBMISSIONS: ReadonlySet<string> = new Set(['job_submitted', 'job_max_instances']);
