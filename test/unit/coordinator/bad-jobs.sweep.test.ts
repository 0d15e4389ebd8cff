import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, type CompiledTrigger, interval, Scheduler } from '@carillon/core';
import { type Claim, type DuePage, defaultLogger, type Steps, type StoredJob } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClaimPlanner, type ClaimPlannerParts } from '../../../packages/coordinator/src/claim-planner.js';
import { digestOf } from '../../../packages/core/src/job/definition.js';
import { encodeJob } from '../../../packages/core/src/job/record.js';
import { withSearch } from '../../../packages/core/src/trigger/search.js';
import { definitionOf } from '../../support/job-definition.js';
import { ManualClock } from '../../support/manual-clock.js';
import { sweep } from '../../support/sweep.js';

/** The number in the issue is 1,000. */
const GOOD = sweep(100, 1_000);
const START = Date.parse('2026-03-02T08:00:00Z');
/** How long the planner plans one job without a break, ms. */
const SLICE_MS = 5;
const logger = defaultLogger();
logger.level = 'silent';

/** Ways in which a trigger may fail to name a fire time. */
const ODDITIES: Readonly<Record<string, (after: number) => unknown>> = {
  'throws a RangeError': () => {
    throw new RangeError('Invalid time zone specified: IST');
  },
  'throws what is not an error': () => {
    throw undefined;
  },
  'throws what throws as it is looked at': () => {
    throw Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('no');
      },
    });
  },
  'overflows the stack': function deeper(after): unknown {
    return [deeper(after), 1];
  },
  'names no number': () => Number.NaN,
  'names no end': () => Number.POSITIVE_INFINITY,
  'names half a millisecond': (after) => after + 0.5,
  'names the same again': (after) => after,
  'goes back': (after) => after - 1_000,
  'names a text': (after) => `${after + 1_000}`,
  'names nothing': () => undefined,
};

const strange = (trigger: CompiledTrigger, oddity: string): CompiledTrigger => ({
  ...trigger,
  nextMs: (after) => ODDITIES[oddity]?.(after) as number | null,
});

/** A page of due jobs with these ids. */
function pageOf(ids: readonly string[], now: number, coalesce = true) {
  const jobs = ids.map((id): StoredJob => {
    const definition = definitionOf(interval({ seconds: 10 }), START, { coalesce });
    const pending = { fireTime: START + 10_000, dueAt: START + 10_000 };
    const stored = { rev: 1, generation: 1, digest: digestOf(definition), json: encodeJob(definition), last: null };
    return { id, ...stored, pending };
  });
  return { now, paused: false, jobs, newer: [], nextDueAt: null, outboxAt: null, isOwing: true };
}

const plannerOf = (triggerOf: ClaimPlannerParts['triggerOf'], clock = new ManualClock()) =>
  new ClaimPlanner({ jobStore: 'default', clock, patienceMs: 1_000, triggerOf });

const idsOf = (many: readonly { readonly id: string }[]) => many.map(({ id }) => id);

describe('a job that cannot be planned', () => {
  test.each(Object.keys(ODDITIES))(
    'is set aside and named, and the others of its page are planned: its trigger %s',
    (oddity) => {
      for (const coalesce of [true, false]) {
        const planner = plannerOf(({ id }, compiled) => (id === 'bad' ? strange(compiled, oddity) : compiled));
        const { claims, unreadable, left } = planner.plan(pageOf(['a', 'bad', 'b'], START + 45_000, coalesce));
        expect(idsOf(claims)).toEqual(['a', 'b']);
        expect(idsOf(unreadable)).toEqual(['bad']);
        expect(unreadable[0]?.why).toMatch(/^(it|the trigger) cannot be planned: ./);
        expect(unreadable[0]?.pending?.dueAt).toBe(START + 10_000);
        expect(left).toBeNull();
      }
    },
  );

  test('is one whose trigger fails now and then: it is claimed soundly, or set aside; the others are planned as without it', () => {
    const ids = Array.from({ length: 6 }, (_, index) => `job-${index}`);
    const oddities = fc.constantFrom(...Object.keys(ODDITIES).filter((oddity) => oddity !== 'overflows the stack'));
    const moments = fc.record({ at: fc.nat(6), oddity: oddities });
    const bad = fc.dictionary(fc.constantFrom(...ids), moments, { maxKeys: 4 });
    fc.assert(
      fc.property(bad, fc.integer({ min: 10_000, max: 10_000_000 }), fc.boolean(), (failing, after, coalesce) => {
        const page = pageOf(ids, START + after, coalesce);
        const expected = plannerOf((_, compiled) => compiled).plan(page);
        const planner = plannerOf(({ id }, compiled) => {
          const failure = failing[id];
          let calls = 0;
          const nextMs = (from: number) => {
            const isOdd = failure && calls++ === failure.at;
            return isOdd ? (ODDITIES[failure.oddity]?.(from) as number) : compiled.nextMs(from);
          };
          return { ...compiled, nextMs };
        });
        const { claims, unreadable } = planner.plan(page);
        const asides = idsOf(unreadable);
        expect([...idsOf(claims), ...asides].sort()).toEqual([...ids].sort());
        expect(asides.every((id) => failing[id])).toBe(true);
        expect(claims).toEqual(expected.claims.filter(({ id }) => !asides.includes(id)));
      }),
      { numRuns: sweep(4, 200) },
    );
  });
});

describe('a job that takes long to plan', () => {
  /** A planner for which each fire time of these jobs takes this long to name, ms. */
  const slowPlanner = (slow: Readonly<Record<string, number>>) => {
    let passed = 0;
    const clock = Object.assign(new ManualClock(), { now: () => passed });
    const planned: string[] = [];
    const planner = plannerOf(({ id }, compiled) => {
      planned.push(id);
      return {
        ...compiled,
        nextMs: (after) => {
          passed += slow[id] ?? 0;
          return compiled.nextMs(after);
        },
      };
    }, clock);
    return { planner, planned, took: () => passed };
  };

  /** Returns the ids of the claims and of the jobs that are left, for each planning of the page. */
  const turns = (planner: ClaimPlanner, page: DuePage, count: number) =>
    Array.from({ length: count }, () => {
      const { claims, left } = planner.plan(page);
      return [idsOf(claims), idsOf(left?.jobs ?? [])];
    });

  test('is planned after the others once it is known, and alone', () => {
    const { planner } = slowPlanner({ slow: 100, 'slow too': 100 });
    const page = pageOf(['slow', 'a', 'b', 'slow too', 'c'], START + 10_000);
    expect(turns(planner, page, 3)).toEqual([
      // The planner does not know yet that it is slow. After a slice of it, planned jobs are claimed before more is planned.
      [[], ['a', 'b', 'slow too', 'c', 'slow']],
      [
        ['a', 'b'],
        ['c', 'slow', 'slow too'],
      ],
      [
        ['a', 'b', 'c'],
        ['slow', 'slow too'],
      ],
    ]);
    const { left } = planner.plan(page);
    expect(left && turns(planner, left, 1)).toEqual([[['slow'], ['slow too']]]);
  });

  test('is planned slice by slice, that of which least has been planned first; one that changed begins again', () => {
    const { planner, took } = slowPlanner({ slow: 3, 'very slow': 3 });
    const now = START + 10_000 * 400;
    const page = pageOf(['very slow', 'slow'], now, false);
    const spent: number[] = [];
    for (let pages = 0; pages < 20; pages++) {
      const before = took();
      expect(planner.plan(page).claims).toEqual([]);
      spent.push(took() - before);
    }
    expect(Math.max(...spent)).toBeLessThanOrEqual(SLICE_MS + 3);
    // The slow job now has a shorter backlog: its plan starts again.
    const short = pageOf(['slow'], START + 10_000).jobs;
    const changed = { ...page, jobs: [...page.jobs.slice(0, 1), ...short.map((job) => ({ ...job, rev: 2 }))] };
    expect(turns(planner, changed, 30)).toContainEqual([['slow'], ['very slow']]);
  });

  test('asks its trigger once for each fire that is in time', () => {
    let asked = 0;
    const planner = plannerOf((_, compiled) => ({
      ...compiled,
      nextMs: (after) => {
        asked += 1;
        return compiled.nextMs(after);
      },
    }));
    expect(planner.plan(pageOf(['a'], START + 10_900)).claims).toHaveLength(1);
    expect(asked).toBe(1);
  });

  test('that is quick again has its turn with the others', () => {
    const slow: Record<string, number> = { slow: 100 };
    const { planner } = slowPlanner(slow);
    planner.plan(pageOf(['slow'], START + 10_000));
    slow.slow = 0;
    // The first call makes the rest of its plan. A failed claim leaves the job as it was, so it is planned again.
    expect(turns(planner, pageOf(['slow'], START + 10_000), 1)).toEqual([[['slow'], []]]);
    expect(idsOf(planner.plan(pageOf(['slow', 'a'], START + 10_000)).left?.jobs ?? [])).toEqual(['slow']);
    planner.plan(pageOf(['slow'], START + 10_000));
    expect(idsOf(planner.plan(pageOf(['slow', 'a'], START + 10_000)).claims)).toEqual(['slow', 'a']);
  });

  test('and has a long backlog to run one by one, runs fewer of it: every fire time has its outcome, and it takes a bounded time', () => {
    for (const stepMs of [1, 5, 20, 100]) {
      const { planner, took } = slowPlanner({ slow: stepMs });
      const now = START + 10_000 * 5_000;
      const page = pageOf(['slow'], now, false);
      let claim: Claim | undefined;
      // Each slice asks the trigger a few times at most.
      for (let before = 0; !claim; before = took()) {
        [claim] = planner.plan(page).claims;
        expect(took() - before).toBeLessThanOrEqual(SLICE_MS + 2 * stepMs);
      }
      const fireTimes = claim?.run?.fires.map(({ fireTime }) => fireTime) ?? [];
      const { first = Number.NaN, last = Number.NaN } = (claim?.events.missed?.about ?? {}) as Partial<
        Record<string, number>
      >;
      expect(first).toBe(START + 10_000);
      expect(fireTimes[0]).toBe(last + 10_000);
      expect(fireTimes.at(-1)).toBe(now);
      expect(claim?.next?.fireTime).toBe(now + 10_000);
      expect(fireTimes.length).toBeGreaterThanOrEqual(2);
      expect(took()).toBeLessThan(1_000 + 200 * stepMs);
    }
  });
});

/** How long a slow job takes to name a fire time: longer than a quick one may take. */
const SLOW_MS = 30;
/** A plan of such a job asks for two fire times: the one after the last due one, and the one after now. */
const PLAN_MS = 2 * SLOW_MS;
const SLOW = 'slow to plan';
const SEARCHED = 'searched in steps';

/** A trigger that takes as long, but in steps of a millisecond, as triggers that can be stored do. */
function searchedSlowly(compiled: CompiledTrigger, pass: (ms: number) => void): CompiledTrigger {
  function* slowly<T>(answer: () => T): Steps<T> {
    for (let step = 0; step < SLOW_MS; step++) {
      pass(1);
      yield;
    }
    return answer();
  }
  return withSearch(
    { ...compiled },
    {
      next: (after) => slowly(() => compiled.nextMs(after)),
      delay: (fireTime) => slowly(() => compiled.delayMs(fireTime)),
    },
  );
}

type Backend = ReturnType<MemoryCluster['connect']>;

/** A backend whose leader plans nothing ahead, as on Redis. */
function notAhead(backend: Backend): Backend {
  const storeOf = backend.jobStore.bind(backend);
  const jobStore = (alias: string) => {
    const store = storeOf(alias);
    const terms = new Proxy(store.terms, {
      get(target, name) {
        const member: unknown = name === 'isNear' ? false : Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    return { ...store, terms };
  };
  return Object.assign(backend, { jobStore });
}

/** Plays a cluster in virtual time whose leader asks these triggers. Returns the published events. */
async function played(
  add: (scheduler: Scheduler, cluster: MemoryCluster) => Promise<void>,
  of: (backend: Backend) => Backend = (backend) => backend,
) {
  const clock = new VirtualClock(new Date(START));
  const cluster = new MemoryCluster({ clock });
  const triggerOf = ({ id }: StoredJob, compiled: CompiledTrigger) => {
    const [kind = ''] = id.split('#');
    if (kind === 'never fires') return { ...compiled, nextMs: () => null };
    if (kind === SEARCHED) return searchedSlowly(compiled, (ms) => void clock.set(new Date(clock.now() + ms)));
    if (kind === SLOW) {
      return {
        ...compiled,
        nextMs: (after: number) => {
          // The process is blocked this long: timers that are due in the meantime run late.
          void clock.set(new Date(clock.now() + SLOW_MS));
          return compiled.nextMs(after);
        },
      };
    }
    return ODDITIES[kind] ? strange(compiled, kind) : compiled;
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: Object.assign(of(cluster.connect()), { triggerOf }), logger });
  const events: CarillonEvent[] = [];
  await scheduler.addListener((event) => void events.push(event));
  await coordinator.start();
  await add(scheduler, cluster);
  // Half a second after the last fire time: jobs that take long to plan have theirs at that time.
  await clock.advance('61500ms');
  await coordinator.shutdown();
  await scheduler.shutdown();
  return events;
}

/** How late, in ms, each run of a good job was submitted, the latest run last. */
function latenessOf(events: readonly CarillonEvent[]): readonly number[] {
  const late = events.flatMap((event) => {
    if (event.type !== 'job_submitted' || !event.jobId?.startsWith('good')) return [];
    return event.at.getTime() - (event.scheduledRunTimes[0]?.getTime() ?? 0);
  });
  return late.sort((a, b) => a - b);
}

/** The lateness that 99 of 100 runs do not exceed. */
const p99Of = (late: readonly number[]) => late[Math.ceil(late.length * 0.99) - 1] ?? Number.NaN;

/** Jobs due at whole seconds of the last 50, so that several are due together with each bad one. */
const good = Array.from({ length: GOOD }, (_, index) => ({
  id: `good ${index}`,
  task: 't',
  trigger: interval({ minutes: 5, startAt: new Date(START + 10_000 + ((index * 997) % 50) * 1_000) }),
}));

test('beside many good jobs, bad ones of every kind are named and set aside, and the good ones fire as without them', async () => {
  const startAt = (index: number) => new Date(START + 1_000 + ((index * 997) % 59) * 1_000);
  const kinds = [...Object.keys(ODDITIES), 'unreadable'];
  const bad = kinds.flatMap((kind) =>
    [0, 1, 2].map((index) => ({
      id: `${kind}#${index}`,
      task: 't',
      trigger: interval({ minutes: 5, startAt: startAt(300 * index + 7) }),
    })),
  );
  const never = { id: 'never fires#0', task: 't', trigger: interval({ minutes: 5, startAt: startAt(5) }) };
  const without = latenessOf(await played(async (scheduler) => void (await scheduler.addJobs(good))));
  const beside = await played(async (scheduler, cluster) => {
    await scheduler.addJobs([...bad, never, ...good]);
    for (const { id } of bad) if (id.startsWith('unreadable')) expect(cluster.damage('default', 'job', id)).toBe(true);
  });
  // Virtual time passes only for timers.
  expect([without.length, without.at(-1)]).toEqual([GOOD, 0]);
  expect(latenessOf(beside)).toEqual(without);
  const named = beside.flatMap((event) => (event.type === 'job_quarantined' ? event.id : []));
  expect(named.sort()).toEqual(idsOf(bad).sort());
  const finished = beside.flatMap((event) => (event.type === 'job_removed' ? [event.jobId, event.cause] : []));
  expect(finished).toEqual(['never fires#0', 'finished']);
});

test.each([
  [SLOW, 'planned ahead', (backend: Backend) => backend, 2 * PLAN_MS],
  [SLOW, 'planned as they are due, as on Redis', notAhead, 2 * PLAN_MS],
  // A search in steps does not block that long: good jobs wait for a slice or two.
  [SEARCHED, 'planned ahead', (backend: Backend) => backend, 2 * SLICE_MS],
  [SEARCHED, 'planned as they are due, as on Redis', notAhead, 2 * SLICE_MS],
])(
  'beside jobs that are %s, %s, good ones fire as without them; those that are due meanwhile wait as long as is said at most',
  async (kind, _, of, longestMs) => {
    const slow = [0, 1, 2].map((index) => ({
      id: `${kind}#${index}`,
      task: 't',
      maxInstances: 100,
      trigger: interval({ seconds: 1, startAt: new Date(START + 1_000) }),
    }));
    const between = Array.from({ length: GOOD / 10 }, (_, index) => ({
      id: `good between ${index}`,
      task: 't',
      // Due while the slow ones are planned.
      trigger: interval({ minutes: 5, startAt: new Date(START + 20_003 + (index % 30) * 1_000 + ((index * 7) % 80)) }),
    }));
    const without = await played(async (scheduler) => void (await scheduler.addJobs([...good, ...between])), of);
    const beside = await played(
      async (scheduler) => void (await scheduler.addJobs([...slow, ...good, ...between])),
      of,
    );
    const jobs = (kind: RegExp, events: readonly CarillonEvent[]) =>
      latenessOf(events.filter((event) => 'jobId' in event && kind.test(event.jobId ?? '')));
    const [together, meanwhile] = [jobs(/^good \d/, beside), jobs(/^good between/, beside)];
    expect([together.length, meanwhile.length]).toEqual([GOOD, between.length]);
    expect(p99Of(together)).toBe(p99Of(jobs(/^good \d/, without)));
    expect(meanwhile.at(-1)).toBeGreaterThan(0);
    expect(meanwhile.at(-1)).toBeLessThanOrEqual(longestMs);
    // The slow ones fire too, each time.
    const fires = beside.flatMap((event) =>
      event.type === 'job_submitted' && event.jobId?.startsWith(kind) ? event.scheduledRunTimes : [],
    );
    expect(fires).toHaveLength(slow.length * 61);
  },
);
