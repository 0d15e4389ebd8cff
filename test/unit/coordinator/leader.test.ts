import { setImmediate } from 'node:timers/promises';
import { interval } from '@carillon/core';
import type { DeliveryQueue, DuePage, Happening, TermStore } from '@carillon/core/internal';
import { StoreFullError, systemChance, systemClock } from '@carillon/core/internal';
import { expect, onTestFinished, test } from 'vitest';
import { Leader } from '../../../packages/coordinator/src/leader.js';
import { digestOf } from '../../../packages/core/src/job/definition.js';
import { encodeJob } from '../../../packages/core/src/job/record.js';
import { definitionOf } from '../../support/job-definition.js';
import { ManualClock } from '../../support/manual-clock.js';

const FULL = Array.from({ length: 500 }, (_, index) => {
  return { runId: `run-${index}`, executor: 'default', priority: 0 };
});

/** A leader whose outbox is as full after each page as before. */
function withFullOutbox(jobs: DuePage['jobs'] = []) {
  const asked: string[] = [];
  const page: DuePage = { now: 1_000, paused: false, jobs, newer: [], nextDueAt: null, outboxAt: 900, isOwing: true };
  const terms = {
    due: async () => {
      asked.push('due');
      return page;
    },
    outbox: async () => ({ runs: FULL, unreadable: [], newer: [] }),
    serving: async () => ({ now: 1_000, workers: [], limited: [] }),
    assign: async ({ deliveries }) => {
      asked.push('assign');
      return { status: 'done', value: deliveries.flatMap(({ runIds }) => runIds) } as const;
    },
    confirmQueued: async () => ({ status: 'done', value: null }) as const,
    suspects: async () => {
      asked.push('suspects');
      return { suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' };
    },
    quarantineJobs: async (params) => {
      asked.push(`quarantineJobs ${params.jobs.length}`);
      return { status: 'done', value: null } as const;
    },
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = {
    add: async (deliveries) => deliveries.map(() => ({ status: 'queued' })),
    waiting: async () => 0,
    close: async () => {},
  };
  const parts = { jobStore: 'default', queue, clock: systemClock, chance: systemChance, report: () => {} };
  return { asked, leader: new Leader({ ...parts, terms: terms as Partial<TermStore> as TermStore, leaseMs: 1e9 }) };
}

test('an outbox that fills as fast as it is emptied keeps nothing else from being done', async () => {
  const { asked, leader } = withFullOutbox();
  expect([await leader.tick(1), await leader.tick(1)]).toEqual([0, 0]);
  expect(asked).toEqual(['due', 'assign', 'suspects', 'due', 'assign']);
});

test('where nothing is owed nothing is looked for, but for workers that are silent', async () => {
  const asked: string[] = [];
  const terms = {
    due: async () => ({
      now: 1,
      paused: false,
      jobs: [],
      newer: [],
      nextDueAt: null,
      outboxAt: null,
      isOwing: asked.length > 2,
    }),
    suspects: async ({ cursor }) => {
      asked.push(`suspects ${cursor}`);
      return { suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' };
    },
    loseWorkers: async () => {
      asked.push('loseWorkers');
      return { status: 'done', value: [] } as const;
    },
    quarantineJobs: async () => ({ status: 'done', value: null }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = { add: async () => [], waiting: async () => 0, close: async () => {} };
  let now = 0;
  const clock = { ...systemClock, now: () => now };
  const parts = { jobStore: 'default', queue, clock, chance: systemChance, report: () => {}, leaseMs: 15_000 };
  const leader = new Leader({ ...parts, terms: terms as Partial<TermStore> as TermStore });
  for (; now < 20_000; now += 5_000) await leader.tick(1);
  expect(asked).toEqual(['loseWorkers', 'loseWorkers', 'loseWorkers', 'suspects 0', 'loseWorkers']);
});

test('what cannot be read is moved aside in one call, once what can be has had its turn', async () => {
  const pending = { fireTime: 1, dueAt: 1 };
  const unreadable = FULL.map(({ runId: id }) => ({ id, rev: null, why: 'its header cannot be read', pending }));
  const { asked, leader } = withFullOutbox(unreadable);
  await leader.tick(1);
  expect(asked).toEqual(['due', 'assign', 'quarantineJobs 500', 'suspects']);
});

/** A leader of a job with an interval of 1 s. Its queue takes deliveries only after `letQueue`. Until then, the runs stay in the outbox. */
function withSlowQueue(others: readonly string[] = []) {
  const asked: string[] = [];
  let letQueue: (fault?: Error) => void = () => {};
  let now = 10_000;
  let outboxAt: number | null = null;
  const definition = definitionOf(interval({ seconds: 1 }), 0);
  const stored = { rev: 1, generation: 1, digest: digestOf(definition), json: encodeJob(definition), last: null };
  const job = () => ({ id: 'job', ...stored, pending: { fireTime: now, dueAt: now } });
  const done = { status: 'done', value: null } as const;
  const terms = {
    due: async () => {
      asked.push('due');
      return { now, paused: false, jobs: [job()], newer: [], nextDueAt: null, outboxAt, isOwing: true };
    },
    claim: async () => {
      asked.push('claim');
      outboxAt ??= now;
      return { status: 'done', value: ['submitted'] } as const;
    },
    outbox: async () => {
      asked.push('outbox');
      return { runs: others.map((runId) => ({ runId, executor: 'default', priority: 0 })), unreadable: [], newer: [] };
    },
    assign: async ({ deliveries }) => ({ status: 'done', value: deliveries.flatMap(({ runIds }) => runIds) }) as const,
    confirmQueued: async () => {
      asked.push('confirmQueued');
      outboxAt = null;
      return done;
    },
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' }),
    quarantineJobs: async () => done,
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = {
    add: (deliveries) => {
      asked.push('add');
      return new Promise((resolve, reject) => {
        letQueue = (fault) => (fault ? reject(fault) : resolve(deliveries.map(() => ({ status: 'queued' }))));
      });
    },
    waiting: async () => 0,
    close: async () => {},
  };
  // No time passes during a step.
  const clock = { ...systemClock, now: () => 0 };
  const parts = { jobStore: 'default', queue, clock, chance: systemChance, report: () => {} };
  const leader = new Leader({ ...parts, terms: terms as Partial<TermStore> as TermStore, leaseMs: 1e9 });
  return {
    asked,
    leader,
    letQueue: (fault?: Error) => letQueue(fault),
    later: (outbox: number | null = outboxAt) => {
      now += 1_000;
      outboxAt = outbox;
    },
  };
}

test('the next page is read and claimed while the one before goes to its queues, and is sent after it', async () => {
  const { asked, leader, letQueue, later } = withSlowQueue();
  await leader.tick(1);
  expect(asked).toEqual(['due', 'claim', 'add']);
  later();
  const second = leader.tick(1);
  await setImmediate();
  expect(asked).toEqual(['due', 'claim', 'add', 'due', 'claim']);
  letQueue();
  // The outbox may hold other runs than those on their way. The leader looks again soon, not at once, so jobs due meanwhile share its calls.
  expect(await second).toBe(5.2);
  expect(asked.slice(5)).toEqual(['add']);
});

test('runs that have left the outbox by the next look are not taken out of it; all others are, in one call', async () => {
  const { asked, leader, letQueue, later } = withSlowQueue();
  await leader.tick(1);
  letQueue();
  await setImmediate();
  later(null);
  await leader.tick(1);
  letQueue();
  await setImmediate();
  expect(asked).toEqual(['due', 'claim', 'add', 'due', 'claim', 'add']);
  later();
  await leader.tick(1);
  letQueue();
  await setImmediate();
  expect(asked.slice(6)).toEqual(['due', 'confirmQueued', 'claim', 'add']);
  await leader.idle(1);
  expect(asked.slice(10)).toEqual(['confirmQueued']);
});

test('a leader looks soon after a page of claims whether their runs have left the outbox', async () => {
  const { leader, letQueue } = withSlowQueue();
  const sleepMs = leader.tick(1);
  letQueue();
  expect(await sleepMs).toBe(20);
});

test('what waits in the outbox for longer than what is being sent goes out, once that is sent', async () => {
  const { asked, leader, letQueue, later } = withSlowQueue(['older']);
  await leader.tick(1);
  later(5_000);
  const second = leader.tick(1);
  await setImmediate();
  letQueue();
  await setImmediate();
  letQueue();
  await setImmediate();
  letQueue();
  await second;
  expect(asked.slice(3)).toEqual(['due', 'claim', 'add', 'confirmQueued', 'outbox', 'add', 'confirmQueued']);
});

test('what sending fails with is thrown by the next tick, once; a caller that waits for the end of it gets no error', async () => {
  const { leader, letQueue, later } = withSlowQueue();
  await leader.tick(1);
  letQueue(new Error('gone'));
  await leader.idle(1);
  later(null);
  await leader.tick(1);
  letQueue(new Error('gone again'));
  await setImmediate();
  later(null);
  await expect(leader.tick(1)).rejects.toThrow('gone again');
  await expect(leader.tick(1)).resolves.toBeTypeOf('number');
});

test('that the clock of the store went back is said once, also by a leader that comes after, and again the next time', async () => {
  const reported: number[] = [];
  const at = { now: 100_000 };
  const terms = {
    due: async () => ({
      now: at.now,
      paused: false,
      jobs: [],
      newer: [],
      nextDueAt: null,
      outboxAt: null,
      isOwing: true,
    }),
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' }),
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
    quarantineJobs: async () => ({ status: 'done', value: null }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = { add: async () => [], waiting: async () => 0, close: async () => {} };
  const report = (one: Happening) => void (one.kind === 'clock_went_back' && reported.push(one.byMs));
  const leader = () =>
    new Leader({
      jobStore: 'default',
      queue,
      clock: systemClock,
      chance: systemChance,
      report,
      terms: terms as Partial<TermStore> as TermStore,
      leaseMs: 1e9,
    });
  const first = leader();
  for (const now of [100_000, 200_000, 199_100, 150_000, 150_500, 201_000, 260_000, 100_000]) {
    at.now = now;
    await first.tick(90_000);
  }
  expect(reported).toEqual([50_000, 160_000]);
  await leader().tick(250_001);
  expect(reported.at(-1)).toBe(150_001);
});

/** A leader of a due job. The store answers each of its claims only after the test lets it. */
function withSlowClaims({ isMore }: { readonly isMore: boolean }) {
  const asked: string[] = [];
  let letClaim: (fault?: Error) => void = () => {};
  const now = 10_000;
  const definition = definitionOf(interval({ seconds: 1 }), 0);
  const stored = { rev: 1, generation: 1, digest: digestOf(definition), json: encodeJob(definition), last: null };
  const job = { id: 'job', ...stored, pending: { fireTime: now, dueAt: now } };
  const done = { status: 'done', value: null } as const;
  const terms = {
    due: async (limit) => {
      asked.push(`due ${limit}`);
      return {
        now,
        paused: false,
        jobs: [job],
        newer: [],
        nextDueAt: isMore ? now : null,
        outboxAt: null,
        isOwing: true,
      };
    },
    claim: () => {
      asked.push('claim');
      return new Promise((resolve, reject) => {
        letClaim = (fault) => (fault ? reject(fault) : resolve({ status: 'done', value: ['submitted'] }));
      });
    },
    confirmQueued: async () => done,
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' }),
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = {
    add: async (deliveries) => deliveries.map(() => ({ status: 'queued' })),
    waiting: async () => 0,
    close: async () => {},
  };
  const clock = { ...systemClock, now: () => 0 };
  const parts = { jobStore: 'default', queue, clock, chance: systemChance, report: () => {} };
  const leader = new Leader({ ...parts, terms: terms as Partial<TermStore> as TermStore, leaseMs: 1e9 });
  onTestFinished(() => leader.idle(1));
  /** Makes a step of the leader. Returns what it asked before its claim was answered or failed. */
  return async (fault?: Error) => {
    const before = asked.length;
    const ended = leader.tick(1);
    await setImmediate();
    const askedSoFar = asked.slice(before);
    letClaim(fault);
    return { asked: askedSoFar, sleepMs: await ended };
  };
}

test('where more jobs are due, the next page is asked for behind the claim, and is the page of the next step', async () => {
  const step = withSlowClaims({ isMore: true });
  expect(await step()).toEqual({ asked: ['due 200', 'claim', 'due 200'], sleepMs: 0 });
  expect(await step()).toMatchObject({ asked: ['claim', 'due 200'] });
});

test('where no more jobs are due, the next page is not asked for before its time', async () => {
  const step = withSlowClaims({ isMore: false });
  expect(await step()).toMatchObject({ asked: ['due 200', 'claim'] });
});

test('a claim that fails fails its step, and the page behind it is claimed by the next one', async () => {
  const step = withSlowClaims({ isMore: true });
  await expect(step(new Error('no answer'))).rejects.toThrow('no answer');
  expect(await step()).toMatchObject({ asked: ['claim', 'due 200'] });
});

test('where Redis is full, a job that is slow to plan is planned again after a while, not at once', async () => {
  let passed = 0;
  const definition = definitionOf(interval({ seconds: 1 }), 0);
  const read = { rev: 1, generation: 1, digest: digestOf(definition), json: encodeJob(definition), last: null };
  const jobs = [{ id: 'slow', ...read, pending: { fireTime: 1_000, dueAt: 1_000 } }];
  const page: DuePage = { now: 1_000, paused: false, jobs, newer: [], nextDueAt: null, outboxAt: null, isOwing: false };
  const terms = {
    due: async () => page,
    claim: async () => {
      throw new StoreFullError('OOM');
    },
    serving: async () => ({ now: 1_000, workers: [], limited: [] }),
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' }),
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = { add: async () => [], waiting: async () => 0, close: async () => {} };
  const leader = new Leader({
    jobStore: 'default',
    terms: terms as Partial<TermStore> as TermStore,
    queue,
    clock: { ...systemClock, now: () => passed },
    chance: systemChance,
    report: () => {},
    leaseMs: 1e9,
    triggerOf: (_, compiled) => ({
      ...compiled,
      nextMs: (after) => {
        passed += 10;
        return compiled.nextMs(after);
      },
    }),
  });
  // The plan takes two slices. The leader makes the second one after it has claimed other jobs.
  expect(await leader.tick(1)).toBe(500);
  expect(passed).toBe(10);
});

test('a leader reads ahead between two steps, but not during a step, nor after its term', async () => {
  const clock = new ManualClock(1_000);
  let asked = 0;
  let answer = (_: DuePage) => {};
  const terms = {
    isNear: false,
    due: () => new Promise<DuePage>((resolve) => (answer = resolve)),
    // There is always another page.
    upcoming: async () => {
      asked++;
      await setImmediate();
      return { now: 1_000, jobs: [], last: { dueAt: 5_000 + asked, id: '' } };
    },
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], isMiscounted: false, cursor: '0' }),
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue = { add: async () => [], waiting: async () => 0, close: async () => {} };
  const parts = { jobStore: 'default', queue, clock, chance: systemChance, report: () => {}, leaseMs: 1e9 };
  const leader = new Leader({ ...parts, terms: terms as Partial<TermStore> as TermStore });
  const page = { paused: false, jobs: [], newer: [], nextDueAt: 8_000, outboxAt: null, isOwing: false };
  /** Returns how many more pages are requested in some turns of the event loop. */
  const more = async () => {
    const before = asked;
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    return asked - before;
  };
  const step = async () => {
    const ticked = leader.tick(1);
    await setImmediate();
    answer({ ...page, now: 1_000 });
    await ticked;
  };
  await step();
  expect(await more()).toBeGreaterThan(0);
  const next = leader.tick(1);
  await setImmediate();
  expect(await more()).toBe(0);
  answer({ ...page, now: 1_000 });
  await next;
  expect(await more()).toBeGreaterThan(0);
  await leader.idle(1);
  await setImmediate();
  expect(await more()).toBe(0);
});
