import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairShare, type SeenStore } from '../../../packages/coordinator/src/share.js';
import { sweep } from '../../support/sweep.js';

/** The leader of each job store, and the job stores for which each coordinator contends. */
interface Cluster {
  readonly leaders: ReadonlyMap<string, string | null>;
  readonly contends: ReadonlyMap<string, readonly string[]>;
}

function leadsOf({ leaders }: Cluster, id: string): number {
  return [...leaders.values()].filter((leader) => leader === id).length;
}

/** What a coordinator sees after all have shown what they lead. */
function seenBy(cluster: Cluster, self: string): readonly SeenStore[] {
  return (cluster.contends.get(self) ?? []).map((jobStore) => ({
    jobStore,
    coordinators: [...cluster.contends]
      .filter(([, stores]) => stores.includes(jobStore))
      .map(([coordinatorId]) => ({
        coordinatorId,
        number: 1,
        leads: leadsOf(cluster, coordinatorId),
        isLeader: cluster.leaders.get(jobStore) === coordinatorId,
      })),
  }));
}

const decision = (cluster: Cluster, self: string, barred?: ReadonlySet<string>) =>
  fairShare(self, seenBy(cluster, self), barred);

/** All coordinators contend for all job stores; `leaders` are those of s0, s1, … */
function alike(ids: readonly string[], leaders: readonly (string | null)[]): Cluster {
  const stores = leaders.map((_, index) => `s${index}`);
  return {
    leaders: new Map(stores.map((store, index) => [store, leaders[index] ?? null])),
    contends: new Map(ids.map((id) => [id, stores])),
  };
}

describe('a fair share', () => {
  it.each([
    ['one who leads all hands one to who leads none', ['a', 'b'], ['a', 'a', 'a', 'a'], { jobStore: 's0', heir: 'b' }],
    ['and another, while it leads two more', ['a', 'b'], ['b', 'a', 'a', 'a'], { jobStore: 's1', heir: 'b' }],
    ['one more is fair', ['a', 'b'], ['b', 'a', 'a'], null],
    ['as many is fair', ['a', 'b'], ['b', 'b', 'a', 'a'], null],
    ['one for all has one owner', ['a', 'b', 'c'], ['a'], null],
    ['two of one are one each', ['a', 'b'], ['a', 'a'], { jobStore: 's0', heir: 'b' }],
    ['to the member with the fewest', ['a', 'b', 'c'], ['a', 'a', 'a', 'b'], { jobStore: 's0', heir: 'c' }],
    ['who leads none hands nothing over', ['b', 'a'], ['a', 'a'], null],
    ['nothing while one has no leader', ['a', 'b'], ['a', 'a', 'a', null], null],
    ['nothing where there is nothing', ['a'], [], null],
  ])('%s', (_, ids, leaders, expected) => {
    const next = decision(alike(ids, leaders), ids[0] ?? '');
    expect(next && { jobStore: next.jobStore, heir: next.heir }).toEqual(expected);
  });

  it('lets those who lead more go first, and those of the smaller id', () => {
    const cluster = alike(['a', 'b', 'c', 'd'], ['a', 'a', 'b', 'b', 'b', 'c', 'c']);
    expect(['a', 'b', 'c'].map((id) => decision(cluster, id))).toEqual([
      { jobStore: 's0', heir: 'd', turn: 1 },
      { jobStore: 's2', heir: 'd', turn: 0 },
      { jobStore: 's5', heir: 'd', turn: 2 },
    ]);
  });

  it('gives nothing to a coordinator that did not take it before, and then gives it to another', () => {
    const cluster = alike(['a', 'b', 'c'], ['a', 'a', 'a', 'a']);
    expect(decision(cluster, 'a', new Set(['b']))).toMatchObject({ heir: 'c' });
    expect(decision(cluster, 'a', new Set(['b', 'c']))).toBeNull();
  });

  it('counts what others lead elsewhere, and believes the newest of what they showed', () => {
    const shown = (coordinatorId: string, number: number, leads: number, isLeader: boolean) => ({
      ...{ coordinatorId, number, leads, isLeader },
    });
    const mine = shown('a', 9, 3, true);
    const stores = (old: number, fresh: number): readonly SeenStore[] => [
      { jobStore: 's0', coordinators: [mine, shown('b', 4, old, false)] },
      { jobStore: 's1', coordinators: [mine, shown('b', 5, fresh, false)] },
    ];
    expect(fairShare('a', stores(0, 2))).toBeNull();
    expect(fairShare('a', stores(2, 0))).toEqual({ jobStore: 's0', heir: 'b', turn: 0 });
  });

  const ids = ['a', 'b', 'c', 'd', 'e'];
  const anyStore = fc.record({
    contenders: fc.subarray(ids, { minLength: 1 }),
    leader: fc.nat(),
  });
  /** Each job store has contenders and a leader of its own. */
  const anyCluster = fc.array(anyStore, { minLength: 1, maxLength: 12 }).map((stores): Cluster => {
    const named = stores.map((store, index) => ({ ...store, name: `s${index}` }));
    return {
      leaders: new Map(
        named.map(({ name, leader, contenders }) => [name, contenders[leader % contenders.length] ?? null]),
      ),
      contends: new Map(
        ids.map((id) => [id, named.filter(({ contenders }) => contenders.includes(id)).map(({ name }) => name)]),
      ),
    };
  });
  const unfairness = (cluster: Cluster) => ids.reduce((sum, id) => sum + leadsOf(cluster, id) ** 2, 0);

  it('makes each step fairer, and ends, whichever coordinator contends for what', () => {
    fc.assert(
      fc.property(anyCluster, (start) => {
        let cluster = start;
        for (let steps = 0; ; steps++) {
          const moves = ids.flatMap((id) => decision(cluster, id) ?? []);
          const [next] = moves;
          if (!next) return;
          const after = { ...cluster, leaders: new Map([...cluster.leaders, [next.jobStore, next.heir]]) };
          expect(unfairness(after)).toBeLessThan(unfairness(cluster));
          expect(steps).toBeLessThan(150);
          cluster = after;
        }
      }),
      { numRuns: sweep(15, 300) },
    );
  });

  it('ends with at most ceil(S / C) each, where all contend for the same, taking turns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 20 }),
        (count, leaders) => {
          const all = ids.slice(0, count);
          let cluster = alike(
            all,
            leaders.map((leader) => all[leader % count] ?? null),
          );
          const waited = new Map<string, number>();
          let moves = 0;
          for (let round = 0; round < 200; round++) {
            // All coordinators decide from the same view, and those whose turn it is hand over at once.
            const decided = all.flatMap((id) => {
              const next = decision(cluster, id);
              const rounds = waited.get(id) ?? 0;
              waited.set(id, next && rounds < next.turn ? rounds + 1 : 0);
              return next && rounds >= next.turn ? [next] : [];
            });
            moves += decided.length;
            cluster = {
              ...cluster,
              leaders: new Map([...cluster.leaders, ...decided.map(({ jobStore, heir }) => [jobStore, heir] as const)]),
            };
          }
          const loads = all.map((id) => leadsOf(cluster, id));
          expect(Math.max(...loads)).toBeLessThanOrEqual(Math.ceil(leaders.length / count));
          expect(all.every((id) => decision(cluster, id) === null)).toBe(true);
          expect(moves).toBeLessThanOrEqual(2 * leaders.length);
        },
      ),
      { numRuns: sweep(6, 300) },
    );
  });
});
