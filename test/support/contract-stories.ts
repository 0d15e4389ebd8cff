import fc from 'fast-check';
import type { Step } from './contract-choices.js';

type Numbers = Omit<Step, 'kind'>;
/** A kind of step, and the numbers that matter to the story. */
type Part = readonly [kind: string, numbers?: Partial<Numbers>];

const DELIVERED: readonly Part[] = [
  ['elect', { a: 1 }],
  ['submit', { a: 4, b: 1, c: 0, d: 4 }],
  ['outbox', { a: 8 }],
  ['assign', { b: 0, c: 1 }],
];
const START: Part = ['start', { b: 0, d: 2 }];
const STARTED: readonly Part[] = [...DELIVERED, START];
const ADDED: Part = ['put', { a: 0, b: 1, c: 0, d: 1 }];
const DUE: readonly Part[] = [['elect', { a: 1 }], ADDED, ['pass', { a: 4 }], ['due', { a: 4 }]];

/** Calls in an order that random steps rarely find. */
const STORIES: Readonly<Record<string, readonly Part[]>> = {
  cancelledWhileItRuns: [
    ...STARTED,
    ['cancel', { b: 0, c: 3, d: 1 }],
    ['runs'],
    ['heartbeat', { b: 0, c: 1 }],
    ['settle', { a: 2, b: 0, c: 1, d: 2 }],
  ],
  submittedTooLate: [
    ['submit', { a: 4, b: 7, c: 0, d: 4 }],
    ['outbox', { a: 8 }],
  ],
  triedAgain: [...STARTED, ['settle', { a: 2, b: 2, c: 1, d: 2 }], ['runs']],
  executed: [...STARTED, ['settle', { a: 3, b: 0, c: 1, d: 2 }], ['runs']],
  failed: [...STARTED, ['settle', { a: 5, b: 0, c: 1, d: 2 }], ['runs']],
  lost: [
    ...STARTED,
    ['join', { a: 1 }],
    ['pass', { a: 4 }],
    ['suspects'],
    ['reap', { a: 1, b: 0 }],
    ['loseWorkers', { a: 1 }],
  ],
  damagedRun: [...DELIVERED, ['damageRun', { b: 0 }], START, ['quarantineRun', { a: 1, b: 0, d: 1 }]],
  claimed: [...DUE, ['claim', { a: 2, b: 1, c: 0, d: 3 }]],
  paused: [...DUE, ['setPaused', { a: 4 }], ['claim', { a: 2, b: 1, c: 0, d: 3 }]],
  ofNoTerm: [...DUE, ['claim', { a: 0, b: 1, c: 0, d: 3 }]],
  changed: [
    ADDED,
    ADDED,
    ['read'],
    ['put', { a: 0, b: 2, c: 2, d: 1 }],
    ['put', { a: 0, b: 0, c: 2, d: 1 }],
    ['read'],
    ['put', { a: 0, b: 5, c: 2, d: 1 }],
  ],
  waits: [
    ['submit', { a: 0, b: 4, c: 0, d: 3 }],
    ['submit', { a: 0, b: 4, c: 0, d: 3 }],
    ['submit', { a: 0, b: 1, c: 0, d: 3 }],
    ['submit', { a: 4, b: 1, c: 0, d: 2 }],
    ['runs'],
    ['cancel', { b: 0, c: 1, d: 3 }],
  ],
  notStarted: [...DELIVERED, ['reap', { a: 1, b: 0 }], ['heartbeat', { b: 0, c: 0 }], ['settle', { b: 0, c: 0, d: 2 }]],
  tooLate: [
    ['elect', { a: 1 }],
    ['submit', { a: 4, b: 6, c: 0, d: 4 }],
    ['outbox', { a: 8 }],
    ['assign', { b: 0, c: 1 }],
    ['pass', { a: 3 }],
    START,
  ],
  damagedAfterAnOutcome: [
    ...DUE,
    ['claim', { a: 2, b: 1, c: 0, d: 0 }],
    ['damage', { a: 0, b: 0 }],
    ['quarantine', { a: 1, b: 1 }],
    ['release', { a: 0, c: 2 }],
    ['put', { a: 0, b: 10, c: 0, d: 30 }],
    ['read'],
  ],
  damagedJob: [
    ['elect', { a: 1 }],
    ADDED,
    ['damage', { a: 0, b: 0 }],
    ['quarantine', { a: 1, b: 1 }],
    ['release', { a: 0, c: 2 }],
    ['release', { a: 0, c: 5 }],
  ],
};

const number = fc.nat(60);

/** A story whose other numbers are random. */
export const someStory: fc.Arbitrary<readonly Step[]> = fc
  .constantFrom(...Object.values(STORIES))
  .chain((parts) =>
    fc.tuple(
      ...parts.map(([kind, numbers = {}]) =>
        fc.record({ a: number, b: number, c: number, d: number }).map((any) => ({ kind, ...any, ...numbers })),
      ),
    ),
  );

/** Each story once. */
export const WRITTEN: readonly (readonly Step[])[] = Object.values(STORIES).map((parts) =>
  parts.map(([kind, numbers]) => ({ kind, a: 2, b: 2, c: 2, d: 2, ...numbers })),
);
