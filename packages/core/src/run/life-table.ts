/** The states of a run's life. */
export const LIFE_STATES = ['waiting', 'outbox', 'queued', 'started', 'ended'] as const;

export type LifeState = (typeof LIFE_STATES)[number];

/** What a job store holds of a run: keys that have it, and members of its state that are not `-`. */
export interface RunTraces {
  readonly runs: boolean;
  readonly bodies: boolean;
  readonly waiting: boolean;
  readonly outbox: boolean;
  readonly leases: boolean;
  readonly progress: boolean;
  readonly delivery: boolean;
  readonly token: boolean;
}

/** What is there in a state, and what is not; and whether the run takes one of its job's `maxInstances`. */
interface Pattern extends Readonly<Record<keyof RunTraces, boolean | 'either'>> {
  readonly instance: boolean;
}

const NOTHING = {
  runs: false,
  bodies: false,
  waiting: false,
  outbox: false,
  leases: false,
  progress: false,
  delivery: false,
  token: false,
  instance: false,
};
const OWED = { ...NOTHING, runs: true, bodies: true, instance: true, progress: 'either' } as const;

/** By which a state is known. No two of them fit the same run. */
export const LIFE_PATTERNS: Readonly<Record<LifeState, Pattern>> = {
  waiting: { ...NOTHING, runs: true, bodies: true, waiting: true },
  outbox: { ...OWED, outbox: true, delivery: 'either' },
  queued: { ...OWED, delivery: true },
  started: { ...OWED, leases: true, delivery: true, token: true },
  ended: NOTHING,
};

/** The state of a run; null if what is held of it fits none. */
export function lifeStateOf(traces: RunTraces): LifeState | null {
  const names = Object.keys(traces) as (keyof RunTraces)[];
  const fits = (state: LifeState, name: keyof RunTraces) => {
    const wanted = LIFE_PATTERNS[state][name];
    return wanted === 'either' || wanted === traces[name];
  };
  return LIFE_STATES.find((state) => names.every((name) => fits(state, name))) ?? null;
}

export interface LifeTransition {
  /** Of the function that does it, in `redis/lua/lib/life.lua` and in `memory/store/lib/life.ts`. */
  readonly name: string;
  /** null if there was no such run. */
  readonly from: readonly (LifeState | null)[];
  readonly to: LifeState;
  /** The scripts that may do it. */
  readonly scripts: readonly string[];
}

/** Scripts that enter runs. One that replaces another may end the oldest. */
const ENTERING = ['claim', 'restore_runs', 'submit'];
/** Scripts that end runs, and admit the one that waits. */
const ENDING = ['cancel', 'refuse', 'settle', 'start'];

/** All that happens to a run, unless another program wrote to it. */
export const LIFE_TRANSITIONS: readonly LifeTransition[] = [
  { name: 'wait', from: [null], to: 'waiting', scripts: ENTERING },
  { name: 'admit', from: [null], to: 'outbox', scripts: [...ENTERING, 'retry_runs'] },
  { name: 'promote', from: ['waiting'], to: 'outbox', scripts: [...ENTERING, ...ENDING, 'quarantine_runs'] },
  { name: 'withdraw', from: ['waiting'], to: 'ended', scripts: [...ENTERING, 'cancel'] },
  { name: 'assign', from: ['outbox'], to: 'outbox', scripts: ['assign'] },
  { name: 'queued', from: ['outbox'], to: 'queued', scripts: ['confirm_queued'] },
  { name: 'start', from: ['outbox', 'queued', 'started'], to: 'started', scripts: ['start'] },
  { name: 'renew', from: ['started'], to: 'started', scripts: ['heartbeat', 'reap'] },
  { name: 'setProgress', from: ['started'], to: 'started', scripts: ['progress'] },
  { name: 'advance', from: ['started'], to: 'started', scripts: ['settle'] },
  { name: 'flag', from: ['started'], to: 'started', scripts: [...ENTERING, 'cancel'] },
  { name: 'retry', from: ['started'], to: 'outbox', scripts: ['settle'] },
  { name: 'putBack', from: ['outbox', 'queued', 'started'], to: 'outbox', scripts: ['hand_back', 'reap'] },
  { name: 'finish', from: ['outbox', 'queued', 'started'], to: 'ended', scripts: [...ENTERING, ...ENDING] },
  { name: 'drop', from: ['waiting', 'outbox', 'queued', 'started'], to: 'ended', scripts: ['quarantine_runs'] },
];

/** Whether one call of a script may bring a run from a state to another: by transitions of its own, one after the other. */
export function canPass(from: LifeState | null, to: LifeState, script: string): boolean {
  const reached = new Set<LifeState | null>([from]);
  for (const state of reached) {
    for (const { from: before, to: after, scripts } of LIFE_TRANSITIONS) {
      if (scripts.includes(script) && before.includes(state)) reached.add(after);
    }
  }
  return reached.has(to);
}
