import { Coordinator } from '@carillon/coordinator';
import { type JobStoreInspection, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { describe, expect, it } from 'vitest';
import { complaints } from '../../../packages/carillon/src/cli/health/judge.js';
import { backlogFindings } from '../../../packages/core/src/doctor/backlog/index.js';
import { workerFindings } from '../../../packages/core/src/doctor/worker-findings.js';

const logger = defaultLogger();
logger.level = 'silent';

/** The calls that a job store refuses one member. All other members are served. */
class Refusals {
  readonly #calls = new Set<string>();

  begin(calls: readonly string[]): void {
    for (const call of calls) this.#calls.add(call);
  }

  end(): void {
    this.#calls.clear();
  }

  readonly onStep = ({ call, at }: { readonly call: string; readonly at: string }) => {
    if (at === 'request' && this.#calls.has(call)) throw new Error(`${call} is refused`);
  };
}

function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const refusals = new Refusals();
  const refused = () => cluster.connect({ onStep: refusals.onStep });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const worker = (backend = cluster.connect()) =>
    new Worker({ backend, logger, tasks: { ping: () => 'pong' }, executors: { default: {}, x: {} } });
  const coordinator = (backend = cluster.connect()) => new Coordinator({ backend, logger });
  /** Checks that a run of each executor is executed. */
  const proveServed = async () => {
    for (const executor of ['default', 'x']) {
      const run = await scheduler.enqueue('ping', [], { executor });
      await clock.advance('10s');
      expect(await run.result()).toBe('pong');
    }
  };
  return { clock, cluster, refusals, refused, scheduler, worker, coordinator, proveServed };
}

const bothExecutors = (why: string) =>
  ['default', 'x'].map((executor) => ({ jobStore: 'default', executor, reason: 'not_taking', why }));

describe('a worker names what it does not serve, until it does', () => {
  it.each(['connect', 'subscribe', 'join', 'consume'])('from its start on, where %s is refused', async (call) => {
    const { clock, refusals, refused, worker, coordinator, proveServed } = world();
    await coordinator().start();
    refusals.begin([call]);
    const started = worker(refused());
    expect(started.health().unserved).toEqual([]);
    const since = clock.date;
    void started.start();
    expect(started.health().unserved).toMatchObject(bothExecutors('it is being started'));
    await clock.advance('20s');
    const { status, unserved } = started.health();
    expect(status).toBe('starting');
    expect(unserved).toEqual(bothExecutors(`${call} is refused`).map((one) => ({ ...one, since })));
    refusals.end();
    await clock.advance('2s');
    expect(started.health()).toMatchObject({ status: 'running', unserved: [] });
    await proveServed();
    await started.shutdown();
    expect(started.health().unserved).toEqual([]);
  });

  it('later, where its heartbeats are refused', async () => {
    const { clock, refusals, refused, worker, coordinator, proveServed } = world();
    await coordinator().start();
    const started = worker(refused());
    await started.start();
    refusals.begin(['heartbeat']);
    await clock.advance('5s');
    expect(started.health()).toMatchObject({ status: 'running', unserved: bothExecutors('heartbeat is refused') });
    refusals.end();
    await clock.advance('5s');
    expect(started.health().unserved).toEqual([]);
    await proveServed();
  });

  it('an executor that is added while it runs, and no other one', async () => {
    const { clock, refusals, refused, worker, coordinator } = world();
    await coordinator().start();
    const started = worker(refused());
    await started.start();
    refusals.begin(['consume']);
    await clock.advance('20s');
    const since = clock.date;
    void started.addExecutor('y');
    await clock.advance('20s');
    const found = { jobStore: 'default', executor: 'y', reason: 'not_taking', since, why: 'consume is refused' };
    expect(started.health().unserved).toEqual([found]);
    void started.removeExecutor('y');
    await clock.advance('10s');
    expect(started.health().unserved).toEqual([]);
  });
});

/** Returns the code and text of what `carillon doctor` finds about a job of each executor. */
function doctor(inspection: JobStoreInspection): (readonly [string, string])[] {
  const needs = ['default', 'x'].map((executor) => ({ task: 'ping', executor, by: [`of ${executor}`] }));
  const facts = {
    inspection,
    known: true,
    looked: 2,
    unreadable: 0,
    newer: 0,
    firstDue: null,
    usual: new Map(),
    needs,
    refused: [],
  };
  return [...workerFindings(facts), ...backlogFindings([facts])].map(({ code, finding }) => [code, finding] as const);
}

it('others learn of it after some seconds: an executor whose workers are all dead for it has no worker', async () => {
  const { clock, refusals, refused, scheduler, worker, coordinator } = world();
  await coordinator().start();
  await scheduler.enqueue('ping', [], { executor: 'default' });
  const dead = worker(refused());
  refusals.begin(['consume']);
  const since = clock.date;
  void dead.start();
  await clock.advance('2s');
  expect(doctor(await scheduler.inspect())).toEqual([]);
  await clock.advance('20s');
  const inspection = await scheduler.inspect();
  expect(inspection.workers).toMatchObject([
    {
      unserved: ['default', 'x'].map((executor) => ({
        ...{ executor, reason: 'not_taking', since, why: 'consume is refused' },
      })),
    },
  ]);
  expect(doctor(inspection)).toEqual([
    ['executor_unserved', 'executor "default" has no worker; used by "of default"'],
    ['executor_unserved', 'executor "x" has no worker; used by "of x"'],
    ...['default', 'x'].map((executor) => [
      'worker_serves_less',
      `worker "${dead.id}" takes no runs of executor "${executor}", for 22 s: consume is refused`,
    ]),
  ]);
  const living = worker();
  await living.start();
  await clock.advance('2s');
  expect(doctor(await scheduler.inspect()).map(([code]) => code)).toEqual(['worker_serves_less', 'worker_serves_less']);
  refusals.end();
  await clock.advance('12s');
  expect(doctor(await scheduler.inspect())).toEqual([]);
});

describe('a coordinator names the job store that it does not serve, until it does', () => {
  it.each([
    ['connect', 'starting', 'not_contending'],
    ['register', 'starting', 'not_contending'],
    ['announce', 'starting', 'not_contending'],
    ['subscribe', 'running', 'not_contending'],
    ['acquire', 'running', 'not_contending'],
    ['beginTerm', 'running', 'not_contending'],
    ['due', 'running', 'not_firing'],
  ])('from its start on, where %s is refused', async (call, status, reason) => {
    const { clock, refusals, refused, worker, coordinator, proveServed } = world();
    await worker().start();
    refusals.begin([call]);
    const started = coordinator(refused());
    expect(started.health().unserved).toEqual([]);
    const since = clock.date;
    void started.start();
    expect(started.health().unserved).toMatchObject([{ jobStore: 'default', reason: 'not_contending' }]);
    await clock.advance('20s');
    expect(started.health()).toMatchObject({ status });
    expect(started.health().unserved).toEqual([{ jobStore: 'default', reason, since, why: `${call} is refused` }]);
    refusals.end();
    await clock.advance('2s');
    expect(started.health()).toMatchObject({ status: 'running', unserved: [] });
    await proveServed();
    await started.shutdown();
    expect(started.health().unserved).toEqual([]);
  });

  it('a standby that waits for its turn serves it', async () => {
    const { clock, coordinator } = world();
    const [one, other] = [coordinator(), coordinator()];
    await Promise.all([one.start(), other.start()]);
    await clock.advance('20s');
    expect([one.health().unserved, other.health().unserved]).toEqual([[], []]);
  });
});

it('carillon health takes a server for healthy while all is served, or was until a moment ago', () => {
  const now = new Date('2026-01-01T00:01:00Z');
  const since = '2026-01-01T00:00:30.000Z';
  const ofWorker = { unserved: [{ jobStore: 'a', executor: 'x', reason: 'not_taking', since, why: 'refused' }] };
  const ofCoordinator = { unserved: [{ jobStore: 'b', reason: 'not_firing', since, why: 'full' }] };
  const lines = [
    `executor "x" of job store "a" is not served, since ${since}: refused`,
    `job store "b" is not served, since ${since}: full`,
  ];
  const cases: readonly (readonly [object, number, readonly string[]])[] = [
    [{ status: 'running' }, 0, []],
    [{ status: 'running', unserved: [] }, 0, []],
    [{ status: 'starting', ...ofWorker }, 60_000, ['the server is not running']],
    [{}, 0, ['the server is not running']],
    [{ status: 'running', ...ofWorker }, 30_001, []],
    [{ status: 'running', ...ofWorker }, 30_000, lines.slice(0, 1)],
    [{ status: 'running', ...ofCoordinator }, 0, lines.slice(1)],
    [{ status: 'running', worker: ofWorker, coordinator: ofCoordinator }, 0, lines.toReversed()],
  ];
  for (const [answer, graceMs, expected] of cases) expect(complaints(answer, now, graceMs)).toEqual(expected);
});
