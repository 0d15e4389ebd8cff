import { encodeState, isReadable, isState, type NewRun, textsOf } from '@carillon/core/internal';
import { describe, expect, it } from 'vitest';

const RUN: NewRun = {
  runId: 'r',
  jobId: 'a',
  fires: [{ fireTime: 5_000, dueAt: 5_010 }],
  graceMs: 60_000,
  maxInstances: 1,
  overlap: 'skip',
  executor: 'default',
  priority: 0,
  history: { ageMs: 1_000, perJob: 10 },
  task: 't',
  coalesced: null,
  payload: '{}',
};

const FIRES: Record<string, NewRun['fires']> = {
  'before 1970': [{ fireTime: -5, dueAt: -5 }],
  several: [
    { fireTime: 1, dueAt: 2 },
    { fireTime: 3, dueAt: 3 },
  ],
  none: [],
  'due before their fire time': [{ fireTime: 5, dueAt: 4 }],
  'at a part of a millisecond': [{ fireTime: 0.5, dueAt: 1.5 }],
  'at no instant': [{ fireTime: Number.NaN, dueAt: Number.NaN }],
  'for ever later': [{ fireTime: 5, dueAt: Number.POSITIVE_INFINITY }],
};

const CASES: Record<string, Partial<NewRun>> = {
  'a usual one': {},
  'no grace, no history, no job': { graceMs: null, history: null, jobId: null },
  'no most of histories': { history: { ageMs: 0, perJob: null } },
  'a grace below 0': { graceMs: -1 },
  'a grace that is not a whole number': { graceMs: 1.5 },
  'a number that is written with an exponent': { maxInstances: 1e21 },
  'a number as large as goes': { maxInstances: Number.MAX_SAFE_INTEGER },
  'a priority below 0': { priority: -1 },
  'an unknown overlap': { overlap: 'wait' as NewRun['overlap'] },
  'no executor': { executor: '' },
  'an executor of two words': { executor: 'two words' },
  'a task of two lines': { task: 'a\nb' },
  'a reason of two lines': { by: { reason: 'a\nb' } },
  'a job of two lines': { jobId: 'a\nb' },
  'a history of no age': { history: { ageMs: Number.NaN, perJob: null } },
  'a history of a part of a run': { history: { ageMs: 1, perJob: 0.5 } },
  ...Object.fromEntries(Object.entries(FIRES).map(([name, fires]) => [`fires ${name}`, { fires }])),
};

describe('whether a run can be read again', () => {
  it.each(Object.entries(CASES))('is found without writing it: %s', (_, members) => {
    const run = { ...RUN, ...members };
    expect(isReadable(run)).toBe(isState(encodeState(textsOf('default', run), run)));
  });
});
