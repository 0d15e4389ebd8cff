import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../../../packages/core/src/memory/index.js';
import * as twin from '../../../../packages/core/src/memory/store/lib/life.js';
import { newRecord, type RunRecord } from '../../../../packages/core/src/memory/store/lib/record.js';
import { StoreState } from '../../../../packages/core/src/memory/store/state.js';
import {
  canPass,
  LIFE_PATTERNS,
  LIFE_STATES,
  LIFE_TRANSITIONS,
  type LifeState,
  lifeStateOf,
  type RunTraces,
} from '../../../../packages/core/src/run/life-table.js';
import { assemble } from '../../../../packages/redis/src/store/assemble.js';
import { newRun } from '../../../support/contract-records.js';

const root = new URL('../../../../', import.meta.url);
const lua = (name: string) => readFileSync(new URL(`packages/redis/lua/${name}.lua`, root), 'utf8');
const names = LIFE_TRANSITIONS.map(({ name }) => name);

/** Other functions of `lib/life.lua`: they count, do a transition for a whole page, or mend what another program wrote. */
const HELPERS = [
  ...['liveKey', 'recount', 'liveRuns', 'enterOutbox'],
  ...['admitAll', 'startAll', 'finishAll'],
  ...['unwait', 'expose', 'unlist', 'unlease', 'removeState'],
];

const functionsOf = (source: string) => [...source.matchAll(/^local function (\w+)/gm)].map(([, name = '']) => name);

/** Every combination of what may be held of a run. */
const ALL_TRACES = Array.from({ length: 2 ** 8 }, (_, bits) =>
  Object.fromEntries(
    ['runs', 'bodies', 'waiting', 'outbox', 'leases', 'progress', 'delivery', 'token'].map((name, bit) => [
      name,
      (bits & (1 << bit)) > 0,
    ]),
  ),
) as unknown as readonly RunTraces[];

it('no two states fit what is held of a run, and each state fits something', () => {
  const fitting = ALL_TRACES.map((traces) =>
    LIFE_STATES.filter((state) =>
      Object.entries(traces).every(([name, is]) => {
        const wanted = LIFE_PATTERNS[state][name as keyof RunTraces];
        return wanted === 'either' || wanted === is;
      }),
    ),
  );
  expect(fitting.filter((states) => states.length > 1)).toEqual([]);
  expect(new Set(fitting.flat())).toEqual(new Set(LIFE_STATES));
  expect(ALL_TRACES.map(lifeStateOf)).toEqual(fitting.map(([state = null]) => state));
});

it('each transition is a function of lib/life.lua, which has no others but those that count or mend', () => {
  expect(functionsOf(lua('lib/life')).sort()).toEqual([...names, ...HELPERS].sort());
});

it('each script does just those transitions that the table has for it', () => {
  const scripts = readdirSync(new URL('packages/redis/lua/', root)).filter((file) => file.endsWith('.lua'));
  const done: Record<string, string[]> = {};
  const tabled: Record<string, string[]> = {};
  for (const file of scripts) {
    const script = file.replace(/\.lua$/, '');
    const text = assemble(lua(script), (part) => (part === 'life' ? '' : lua(`lib/${part}`)));
    const calls = new Set([...text.matchAll(/(?<![.:\w]|function )(\w+?)(?:All)?\(/g)].map(([, name = '']) => name));
    done[script] = names.filter((name) => calls.has(name));
    tabled[script] = LIFE_TRANSITIONS.filter((one) => one.scripts.includes(script)).map(({ name }) => name);
  }
  expect(done).toEqual(tabled);
});

const EXAMPLES: Readonly<Record<LifeState, Partial<RunRecord>>> = {
  waiting: {},
  outbox: {},
  queued: { deliveryId: 'd' },
  started: { deliveryId: 'd', token: 't' },
  ended: {},
};

/** A store with a run of a job in a state. */
function storeWith(from: LifeState | null): { readonly state: StoreState; readonly run: RunRecord } {
  const state = new StoreState('default', new VirtualClock());
  const run = { ...newRecord('default', newRun('r', 'a', { overlap: 'queue' }), 1), ...(from && EXAMPLES[from]) };
  if (from === null) return { state, run };
  const { runs, outbox, leases, waiting } = LIFE_PATTERNS[from];
  if (runs) state.runs.set('r', run);
  if (outbox) state.outbox.set('r', 0);
  if (leases) state.leases.set('r', 0);
  if (waiting) state.waiting.set('a', 'r');
  if (LIFE_PATTERNS[from].instance) state.instances.set('a', 1);
  return { state, run };
}

function stateIn(state: StoreState): { readonly is: LifeState | null; readonly instances: number } {
  const run = state.runs.get('r');
  const is = lifeStateOf({
    runs: run !== undefined,
    bodies: run !== undefined,
    waiting: state.waiting.get('a') === 'r',
    outbox: state.outbox.score('r') !== undefined,
    leases: state.leases.score('r') !== undefined,
    progress: state.progress.has('r'),
    delivery: (run?.deliveryId ?? null) !== null,
    token: (run?.token ?? null) !== null,
  });
  return { is, instances: state.instances.get('a') ?? 0 };
}

const TWINS: Readonly<Record<string, (state: StoreState, run: RunRecord) => unknown>> = {
  wait: (state, run) => twin.wait(state, 'a', run),
  admit: (state, run) => twin.admit(state, run, 1, 0),
  promote: (state, run) => twin.promote(state, run, 1, 0),
  withdraw: (state, run) => twin.withdraw(state, run),
  assign: (state, run) => twin.assign(state, run, 'e'),
  queued: (state, run) => {
    twin.assign(state, run, 'e');
    twin.queued(state, 'r');
  },
  start: (state, run) => twin.start(state, { ...run, deliveryId: 'e' }, 'u', 1),
  renew: (state) => twin.renew(state, 'r', 1),
  setProgress: (state) => twin.setProgress(state, 'r', '{}'),
  advance: (state, run) => twin.advance(state, run),
  flag: (state, run) => twin.flag(state, run),
  retry: (state, run) => twin.retry(state, run, 1),
  putBack: (state, run) => twin.putBack(state, run, 1),
  finish: (state, run) => twin.finish(state, run),
  drop: (state, run) => {
    if (state.waiting.has('a')) twin.unwait(state, 'a');
    twin.drop(state, run.runId);
    twin.recount(state);
  },
};

it('each transition of the twin ends in the state that the table says, and its job counts its instances', () => {
  expect(Object.keys(TWINS)).toEqual(names);
  for (const { name, from, to } of LIFE_TRANSITIONS) {
    for (const before of from) {
      const { state, run } = storeWith(before);
      if (before !== null) expect(stateIn(state).is, `${name} begins`).toBe(before);
      TWINS[name]?.(state, run);
      const expected = { is: to, instances: Number(LIFE_PATTERNS[to].instance) };
      expect(stateIn(state), `${name}, from ${before}`).toEqual(expected);
      if (to === 'ended') expect(state.live.size).toBe(0);
    }
  }
});

it('a call may do several transitions one after the other, and none that is not its own', () => {
  const passes = LIFE_STATES.flatMap((from) =>
    LIFE_STATES.filter((to) => canPass(from, to, 'settle')).map((to) => [from, to]),
  );
  expect(passes).toEqual([
    ['waiting', 'waiting'],
    ['waiting', 'outbox'],
    ['waiting', 'ended'],
    ['outbox', 'outbox'],
    ['outbox', 'ended'],
    ['queued', 'queued'],
    ['queued', 'ended'],
    ['started', 'outbox'],
    ['started', 'started'],
    ['started', 'ended'],
    ['ended', 'ended'],
  ]);
  expect(canPass(null, 'started', 'claim')).toBe(false);
  expect(canPass(null, 'outbox', 'claim')).toBe(true);
});

it('ARCHITECTURE.md has what scripts/run-life.js writes', async () => {
  const { withLife } = (await import(new URL('scripts/life/markdown.js', root).href)) as {
    withLife(document: string, life: object): string;
  };
  const document = readFileSync(new URL('ARCHITECTURE.md', root), 'utf8');
  expect(withLife(document, { patterns: LIFE_PATTERNS, transitions: LIFE_TRANSITIONS })).toBe(document);
});
