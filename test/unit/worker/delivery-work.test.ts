import type { HeldRun, LedgerRun, Settlement, SettleOutcome } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { DeliveryWork } from '../../../packages/worker/src/delivery-work.js';
import type { Outcome } from '../../../packages/worker/src/executors/outcome.js';
import type { TaskCall } from '../../../packages/worker/src/executors/task-runner.js';
import { HeldRuns } from '../../../packages/worker/src/held-runs.js';
import { SlotPool } from '../../../packages/worker/src/slots.js';

interface WorkOptions {
  readonly runs: number;
  readonly slots?: number;
  /** How long recent runs of the executor took. */
  readonly meanMs: number | null;
  /** How long these runs take. */
  readonly takesMs: number;
  /** Called while runs are being started. */
  readonly start?: (closing: AbortController) => void;
}

/** A delivery at work in a slot of a pool, on a clock that only the test advances. */
async function workOf({ runs, slots = 1, meanMs, takesMs, start = () => {} }: WorkOptions) {
  const clock = new VirtualClock(new Date(0));
  const pool = new SlotPool(slots, clock);
  const share = pool.join();
  const slot = share.tryTake();
  if (!slot) throw new Error('there is a slot');
  const runIds = Array.from({ length: runs }, (_, index) => `r${index}`);
  const closing = new AbortController();
  const effects = {
    began: [] as { readonly runId: string; readonly at: number }[],
    started: [] as (readonly string[])[],
    settled: [] as string[],
    handedBack: [] as HeldRun[],
    reported: [] as string[],
  };
  const ledger = {
    async start(asked: { readonly runIds: readonly string[] }) {
      start(closing);
      effects.started.push(asked.runIds);
      return asked.runIds.map((runId) => ({ status: 'started', run: runOf(runId) }));
    },
    async handBack({ held }: { readonly held: readonly HeldRun[] }) {
      effects.handedBack.push(...held);
    },
  };
  const settler = {
    settle({ run: { runId } }: Settlement, answered: (outcome: SettleOutcome) => void) {
      effects.settled.push(runId);
      answered('settled');
    },
  };
  const runner = {
    run({ execution: { runId } }: TaskCall) {
      effects.began.push({ runId, at: clock.now() });
      const done: Outcome = { outcome: 'executed', json: 'null' };
      if (takesMs === 0) return done;
      return new Promise<Outcome>((resolve) => void clock.after(takesMs, () => resolve(done)));
    },
  };
  const held = new HeldRuns();
  const parts = {
    ...{ ledger, settler, runner, held, clock, closing: closing.signal, jobStore: 'default', workerId: 'w' },
    ...{ chance: { id: () => 'token' }, leaseMs: 5_000, durations: { meanMs, begin: () => ({ at: 0 }), end: () => 0 } },
    report: ({ kind }: { readonly kind: string }) => void effects.reported.push(kind),
  };
  const delivery = { id: 'd', executor: 'default', priority: 0, runIds };
  const work = new DeliveryWork(delivery, runIds, slot, parts as never);
  let ended: unknown;
  void work.perform().then(
    () => (ended = 'done'),
    (error) => (ended = error),
  );
  await clock.advance(0);
  return { clock, pool, work, share, held, effects, ended: () => ended };
}

function runOf(runId: string): LedgerRun {
  const fires = [{ fireTime: 0, dueAt: 0 }];
  const rest = { done: 0, starts: 1, tries: 0, cancelled: false, history: null, task: 't' } as const;
  return {
    runId,
    jobId: null,
    executor: 'default',
    overlap: 'skip',
    fires,
    payload: '{"task":"t","args":[]}',
    ...rest,
  };
}

const ids = (held: readonly HeldRun[], token: string) =>
  held.filter((run) => run.token === token).map((run) => run.runId);

test('what is over at once runs one after the other in one slot, and is started by as many as take 5 ms', async () => {
  const { effects, held, ended } = await workOf({ runs: 12, meanMs: 1, takesMs: 0 });
  expect(effects.started.map(({ length }) => length)).toEqual([5, 5, 2]);
  expect([effects.began.length, effects.settled.length, effects.handedBack, held.all, ended()]).toEqual([
    12,
    12,
    [],
    [],
    'done',
  ]);
});

test('where nothing is known of the durations, runs are started one by one, in as many slots as are free', async () => {
  const { effects, clock, ended } = await workOf({ runs: 6, slots: 4, meanMs: null, takesMs: 10 });
  expect(effects.started.map(({ length }) => length)).toEqual([4]);
  await clock.advance(10);
  expect(effects.began.map(({ at }) => at)).toEqual([0, 0, 0, 0, 10, 10]);
  await clock.advance(10);
  expect([effects.handedBack, ended()]).toEqual([[], 'done']);
});

test('a slot that becomes free is taken, too, where the runs of the delivery would begin too late else', async () => {
  const { effects, clock, share } = await workOf({ runs: 3, slots: 2, meanMs: 1, takesMs: 50 });
  // Three runs of 1 ms each need no other slot, as far as is known.
  expect(effects.began).toHaveLength(1);
  await clock.advance(5);
  expect([effects.began.length, share.tryTake()]).toEqual([2, undefined]);
});

test('what has not begun after 100 ms is handed back: what was started by its token, the rest by its delivery', async () => {
  const { effects, clock, held, ended } = await workOf({ runs: 8, meanMs: 1, takesMs: 1_000 });
  await clock.advance(99);
  expect([effects.began.length, effects.handedBack]).toEqual([1, []]);
  await clock.advance(6);
  expect(ids(effects.handedBack, 'token')).toEqual(['r1', 'r2', 'r3', 'r4']);
  expect(ids(effects.handedBack, 'd')).toEqual(['r5', 'r6', 'r7']);
  expect([held.all.map(({ runId }) => runId), ended()]).toEqual([['r0'], undefined]);
  await clock.advance(1_000);
  expect([effects.settled, ended()]).toEqual([['r0'], 'done']);
});

test('a delivery that has had its 5 ms hands back its rest where another job store waits for the slot', async () => {
  const { effects, clock, pool, ended } = await workOf({ runs: 4, meanMs: 3, takesMs: 3 });
  let got = false;
  void pool
    .join()
    .take()
    .then((slot) => {
      got = slot !== undefined;
    });
  await clock.advance(3);
  expect([effects.began.length, effects.handedBack]).toEqual([2, []]);
  await clock.advance(3);
  expect([effects.began.length, ids(effects.handedBack, 'd'), ended()]).toEqual([2, ['r2', 'r3'], 'done']);
  expect(got).toBe(false);
});

test('a delivery goes on in its slot for as long as no other member waits for it', async () => {
  const { effects, clock, ended } = await workOf({ runs: 10, meanMs: 3, takesMs: 3 });
  await clock.advance(30);
  expect([effects.began.map(({ at }) => at), effects.handedBack, ended()]).toEqual([
    Array.from({ length: 10 }, (_, index) => 3 * index),
    [],
    'done',
  ]);
});

test('one that is asked to give up does so at once, also as its start is under way, and what is at work goes on', async () => {
  const { effects, clock, work, ended } = await workOf({ runs: 5, meanMs: 2, takesMs: 10 });
  expect(effects.began).toHaveLength(1);
  await work.giveUp();
  expect([ids(effects.handedBack, 'token'), ids(effects.handedBack, 'd')]).toEqual([['r1'], ['r2', 'r3', 'r4']]);
  await clock.advance(10);
  expect([effects.settled, ended()]).toEqual([['r0'], 'done']);
});

test('closing as it is being started, none of its runs begins and all are handed back', async () => {
  const { effects, held, ended } = await workOf({
    runs: 3,
    meanMs: 2,
    takesMs: 10,
    start: (closing) => closing.abort(),
  });
  expect([effects.began, held.all, ended()]).toEqual([[], [], 'done']);
  expect([ids(effects.handedBack, 'token'), ids(effects.handedBack, 'd')]).toEqual([['r0', 'r1'], ['r2']]);
});

test('where its first start fails, its queue gives it again; where a later one does, what is left is handed back', async () => {
  const lost = new Error('no answer');
  const first = await workOf({
    runs: 3,
    meanMs: 5,
    takesMs: 0,
    start: () => {
      throw lost;
    },
  });
  // The run may be started although the answer was lost.
  expect([first.ended(), first.effects.handedBack]).toEqual([lost, [{ runId: 'r0', token: 'token' }]]);
  let starts = 0;
  const later = await workOf({
    runs: 3,
    meanMs: 5,
    takesMs: 0,
    start: () => {
      starts += 1;
      if (starts === 2) throw lost;
    },
  });
  expect([later.ended(), later.effects.settled, later.effects.reported]).toEqual(['done', ['r0'], ['delivery_failed']]);
  const { handedBack } = later.effects;
  expect([ids(handedBack, 'token'), ids(handedBack, 'd')]).toEqual([['r1'], ['r1', 'r2']]);
});

test('while 100 of its runs wait to begin, after the next one, its worker takes no more deliveries', async () => {
  const most = await workOf({ runs: 102, slots: 2, meanMs: 0.01, takesMs: 1_000 });
  expect([most.effects.began.length, most.share.tryTake()]).toEqual([1, undefined]);
  await most.work.giveUp();
  expect(most.share.tryTake()).not.toBe(undefined);
  const fewer = await workOf({ runs: 101, slots: 2, meanMs: 0.01, takesMs: 1_000 });
  expect(fewer.share.tryTake()).not.toBe(undefined);
});
