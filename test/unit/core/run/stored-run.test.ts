import { decodeRun, encodeBody, encodeState, type NewRun, textsOf } from '@carillon/core/internal';
import { expect, it } from 'vitest';

const RUN: NewRun = {
  runId: 'r',
  jobId: 'a',
  task: 't',
  fires: [{ fireTime: 5_000, dueAt: 5_010 }],
  graceMs: null,
  maxInstances: 1,
  overlap: 'skip',
  executor: 'default',
  priority: 0,
  history: null,
  coalesced: null,
  payload: '{}',
};

const TEXTS = ['t', 'send mail', 'a "quoted" one', 'a\\', '\\"', '","task":"other","x":"', 'Größe 🕰️', 'a\nb\u2028'];

it.each(TEXTS)('a run has the task, job and failed run that it was stored with: %j', (text) => {
  for (const odd of [{ task: text }, { jobId: text }, { retryOf: text }, { by: { reason: text } }]) {
    const run = { ...RUN, ...odd };
    if (run.jobId?.includes('\n')) continue;
    const stored = encodeState(textsOf(text, run), run);
    const { jobId, task, retryOf, executor } = decodeRun('r', stored, encodeBody(run)) ?? {};
    expect({ jobId, task, retryOf, executor }).toEqual({
      ...{ jobId: run.jobId, task: run.task, executor: 'default' },
      retryOf: 'retryOf' in run ? run.retryOf : undefined,
    });
  }
});

it('the events of a run report what they did as whole objects', () => {
  const by = { actor: 'ann "x"', reason: 'why' };
  const texts = textsOf('my "store"', { ...RUN, executor: 'mail', retryOf: 'f', asked: true, by });
  expect(JSON.parse(`{${texts.label}}`)).toEqual({
    ...{ jobStore: 'my "store"', jobId: 'a', runId: 'r', task: 't', executor: 'mail', retryOf: 'f' },
  });
  expect(JSON.parse(`{${texts.submission}}`)).toEqual({
    scheduledRunTimes: [5_000],
    coalesced: null,
    asked: true,
    ...by,
  });
  const fires = [1, 2].map((fireTime) => ({ fireTime, dueAt: fireTime }));
  const several = textsOf('s', { ...RUN, jobId: null, fires, coalesced: { first: 1, last: 2 } });
  expect(JSON.parse(`{${several.label}}`)).toEqual({ jobStore: 's', jobId: null, runId: 'r', task: 't' });
  expect(JSON.parse(`{${several.submission}}`)).toEqual({
    ...{ scheduledRunTimes: [1, 2], coalesced: { first: 1, last: 2 } },
  });
});
