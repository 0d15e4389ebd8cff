import { cron, interval } from '@carillon/core';
import { expect, it } from 'vitest';
import { explain } from '../../../../packages/core/src/account/explain/explain.js';
import type { Subject } from '../../../../packages/core/src/account/explain/subject.js';
import { storeTimelineOf } from '../../../../packages/core/src/account/store-timeline.js';
import type { Timeline } from '../../../../packages/core/src/account/timeline.js';
import { verdictOf } from '../../../../packages/core/src/account/verdict.js';
import { parseEvent } from '../../../../packages/core/src/event/schema.js';
import { changed, ended, handMade, ms, outcomes, record } from '../../../support/hand-made-account.js';

const NOW = '2026-10-26T12:00:00Z';
const BORN = '2026-10-01T00:00:00Z';
const NIGHTLY = cron('30 2 * * *', { timezone: 'Europe/Berlin' });
const HOURLY = cron('0 * * * *');

const WORKER = [
  BORN,
  'worker_joined',
  { workerId: 'w1', executors: [{ alias: 'default', kind: 'async', concurrency: 5 }], tasks: [] },
] as const;

/** Events of the store as it keeps them, with that of the worker. */
function store(...given: readonly (readonly [at: string, type: string, members?: object])[]) {
  const reported = [WORKER, ...given];
  const messages = reported.map(([at, type, members]) =>
    JSON.stringify({ v: 1, seq: 1, type, at: ms(at), jobStore: 'default', ...members }),
  );
  return storeTimelineOf(messages, ms(BORN));
}

const QUIET = store([BORN, 'leader_elected', { coordinatorId: 'c1', epoch: 1 }]);

function ask(timeline: Timeline, instant: string, more: Partial<Subject> = {}) {
  const subject = {
    timeline,
    store: QUIET,
    instant: ms(instant),
    trace: null,
    again: [],
    intoRunId: null,
    replacedBy: null,
    holders: [],
    storeNow: null,
    ...more,
  };
  return explain(subject, verdictOf(timeline, ms(instant)));
}

function job(recorded: object, more: Omit<Parameters<typeof handMade>[0], 'now' | 'job'> & { readonly now?: string }) {
  return handMade({ from: BORN, now: NOW, job: { rev: 9, generation: 9, record: recorded }, ...more });
}

it('1. it was paused', () => {
  const before = record(NIGHTLY, { at: '2026-10-02T00:00:00Z' }, { timezone: 'Europe/Berlin' });
  const paused = record(
    NIGHTLY,
    { at: '2026-10-24T15:02:00Z', first: null, actor: 'Ann', reason: 'month end' },
    { timezone: 'Europe/Berlin' },
  );
  const entries = [
    changed('2026-10-24T15:02:01Z', 3, 3, {
      what: 'paused',
      actor: 'Ann',
      reason: 'month end',
      was: { since: before.since },
    }),
  ];
  const { code, sentence, evidence } = ask(job(paused, { entries }), '2026-10-25T00:30:00Z');
  expect(code).toBe('paused');
  expect(sentence).toBe(
    "It did not run at 2026-10-25 02:30 (Europe/Berlin; 2026-10-25 00:30 UTC): Ann paused the job at 2026-10-24 17:02 (Europe/Berlin; 2026-10-24 15:02 UTC) because of 'month end'.",
  );
  expect(evidence.deed).toEqual({
    what: 'paused',
    actor: 'Ann',
    reason: 'month end',
    at: new Date('2026-10-24T15:02:00Z'),
  });
  expect(ask(job(paused, { entries }), '2026-11-01T01:30:00Z').sentence).toMatch(/^It will not run at .*resumed\.$/);
});

it('2. the clock changed', () => {
  const berlin = record(NIGHTLY, { at: '2026-10-02T00:00:00Z' }, { timezone: 'Europe/Berlin' });
  const timeline = job(berlin, { pending: '2026-10-27T01:30:00Z', open: [`x${ms('2026-10-25T00:30:00Z')}+0*1~5`] });
  const folded = ask(timeline, '2026-10-25T01:30:00Z');
  expect(folded.code).toBe('clock_change_folded');
  expect(folded.sentence).toContain(
    'the clock of Europe/Berlin showed 2026-10-25 02:30 twice: it fires at the other time, at 2026-10-25 02:30 (Europe/Berlin; 2026-10-25 00:30 UTC)',
  );
  const spring = handMade({
    now: '2026-03-30T00:00:00Z',
    job: {
      rev: 1,
      generation: 1,
      record: record(NIGHTLY, { at: '2026-03-01T00:00:00Z' }, { timezone: 'Europe/Berlin' }),
    },
    pending: '2026-03-30T00:30:00Z',
    open: [`x${ms('2026-03-29T01:30:00Z')}+0*1~5`],
  });
  const shifted = ask(spring, '2026-03-29T01:30:00Z');
  expect(shifted.code).toBe('executed');
  expect(shifted.sentence).toContain('It was to run at 2026-03-29 02:30, which the clock of Europe/Berlin skipped.');
  expect(ask(spring, '2026-03-29T00:30:00Z').code).toBe('clock_change_shifted');
});

it('3. it was coalesced after a deploy', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' });
  const [first, last, into] = ['2026-10-26T08:00:00Z', '2026-10-26T10:00:00Z', '2026-10-26T11:00:00Z'].map(ms);
  const timeline = job(hourly, {
    pending: '2026-10-26T13:00:00Z',
    entries: [outcomes('2026-10-26T11:20:00Z', `o${first}-${last}>${into}`)],
    open: [`x${into}+0*1~1200045`],
  });
  const deploy = store(
    [BORN, 'leader_elected', { coordinatorId: 'c1', epoch: 1 }],
    ['2026-10-26T07:30:00Z', 'leader_lost', { coordinatorId: 'c1', epoch: 1, reason: 'shutdown' }],
    ['2026-10-26T11:20:00Z', 'leader_elected', { coordinatorId: 'c2', epoch: 2 }],
  );
  const { code, sentence, evidence } = ask(timeline, '2026-10-26T09:00:00Z', { store: deploy, intoRunId: 'RUN' });
  expect(code).toBe('coalesced');
  expect(sentence).toContain(
    'It did not run by itself at 2026-10-26 09:00 UTC: it was coalesced into the run of 2026-10-26 11:00 UTC (run RUN)',
  );
  expect(sentence).toContain(
    'no coordinator led from 2026-10-26 07:30 UTC until 2026-10-26 11:20 UTC: coordinator c1 shut down',
  );
  expect(evidence.into).toEqual({ fireTime: new Date('2026-10-26T11:00:00Z'), runId: 'RUN' });
});

it('4. the leader was gone for 4 s', () => {
  const secondly = record(interval('1s'), { at: '2026-10-26T11:00:00Z' }, { misfireGraceMs: 1_000 });
  const fire = ms('2026-10-26T11:30:00Z');
  const timeline = job(secondly, {
    pending: '2026-10-26T12:00:01Z',
    entries: [outcomes('2026-10-26T11:30:04Z', `m${fire}+0*1~4000`)],
  });
  const gone = store(
    [BORN, 'leader_elected', { coordinatorId: 'c1', epoch: 1 }],
    ['2026-10-26T11:30:03.9Z', 'leader_elected', { coordinatorId: 'c2', epoch: 2 }],
  );
  const { code, sentence, evidence } = ask(timeline, '2026-10-26T11:30:00Z', { store: gone });
  expect(code).toBe('missed');
  expect(sentence).toContain('It came up 4 s after it was due, which is 3 s more than its misfireGraceTime of 1 s.');
  expect(sentence).toContain(
    'coordinator c1 stopped silently, and another one led only from 2026-10-26 11:30:03.900 UTC on',
  );
  expect(evidence.causes).toMatchObject([{ kind: 'no_leader' }]);
  // The start of a gap is known if the leader showed itself until shortly before. A clock that went back makes no negative gap.
  const from = ms('2026-10-26T11:29:59.5Z');
  for (const [formerAliveUntil, reported] of [
    [
      from,
      'no coordinator led from 2026-10-26 11:29:59.500 UTC until 2026-10-26 11:30:03.900 UTC: coordinator c1 stopped',
    ],
    [ms('2026-10-26T11:30:05Z'), 'and another one led only from 2026-10-26 11:30:03.900 UTC on'],
  ] as const) {
    const killed = store(
      [BORN, 'leader_elected', { coordinatorId: 'c1', epoch: 1 }],
      ['2026-10-26T11:30:03.9Z', 'leader_elected', { coordinatorId: 'c2', epoch: 2, formerAliveUntil }],
    );
    expect(ask(timeline, '2026-10-26T11:30:00Z', { store: killed }).sentence).toContain(reported);
  }
});

const QUEUED_RUN = {
  runId: 'RUN',
  jobId: 'j',
  jobStore: 'default',
  task: 'ping',
  executor: 'video',
  retryOf: null,
  scheduledRunTimes: [new Date('2026-10-26T11:00:00Z')],
  executions: [],
  missed: null,
  state: 'queued',
  attempt: 0,
  retryAt: null,
  progress: null,
  cancelling: false,
} as const;

it('5. no worker served its executor', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' }, { executor: 'video' });
  const { runId } = QUEUED_RUN;
  const { code, sentence, evidence } = ask(job(hourly, { pending: '2026-10-26T13:00:00Z' }), '2026-10-26T11:00:00Z', {
    trace: { runId, run: QUEUED_RUN, events: [] },
    storeNow: { paused: false, isLed: true, isServed: false, hasTask: false, queue: null, silent: new Map() },
  });
  expect(code).toBe('waiting');
  expect(sentence).toBe(
    'It has not finished its run of 2026-10-26 11:00 UTC: run RUN waits in the queue of executor "video" for a worker. In the way now: no worker serves executor "video". It was due 1 h ago.',
  );
  expect(evidence.causes).toMatchObject([{ kind: 'queue' }, { kind: 'no_worker' }]);
});

it('the worker that has it died', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' }, { executor: 'video' });
  const { runId } = QUEUED_RUN;
  const run = { ...QUEUED_RUN, state: 'running', attempt: 1 } as const;
  const events = [event('job_started', '2026-10-26T11:00:00.045Z', { workerId: 'w1', attempt: 1 })];
  const silent = new Map([['w1', { forMs: 20_000, leaseMs: 30_000 }]]);
  const storeNow = { paused: false, isLed: true, isServed: false, hasTask: false, queue: null, silent };
  const { sentence, evidence } = ask(job(hourly, { pending: '2026-10-26T13:00:00Z' }), '2026-10-26T11:00:00Z', {
    trace: { runId, run, events },
    storeNow,
  });
  expect(sentence).toBe(
    'It has not finished its run of 2026-10-26 11:00 UTC: run RUN is running on worker w1 since 2026-10-26 11:00:00.045 UTC. In the way now: worker w1 has shown no sign of life for 20 s: the run goes to another worker once the lease of 30 s is over; no worker serves executor "video". It was due 1 h ago.',
  );
  expect(evidence.causes).toMatchObject([{ kind: 'running' }, { kind: 'worker_silent' }, { kind: 'no_worker' }]);
});

it('the worker that had it was shut down, and another one ran it', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' });
  const events = [
    event('job_submitted', '2026-10-26T11:00:00.010Z', {
      scheduledRunTimes: [ms('2026-10-26T11:00:00Z')],
      coalesced: null,
    }),
    event('job_started', '2026-10-26T11:00:00.100Z', { workerId: 'w1', attempt: 1 }),
    event('job_started', '2026-10-26T11:00:07.500Z', { workerId: 'w2', attempt: 2 }),
    event('job_executed', '2026-10-26T11:00:08Z', {
      executionId: 'E',
      scheduledRunTime: ms('2026-10-26T11:00:00Z'),
      value: null,
    }),
  ];
  const left = store(['2026-10-26T11:00:05Z', 'worker_left', { workerId: 'w1', cause: 'stopped' }]);
  const open = [`x${ms('2026-10-26T11:00:00Z')}+0*1~8000`];
  const { code, sentence, evidence } = ask(
    job(hourly, { pending: '2026-10-26T13:00:00Z', open }),
    '2026-10-26T11:00:00Z',
    {
      trace: { runId: 'RUN', run: undefined, events },
      store: left,
    },
  );
  expect(code).toBe('executed');
  expect(sentence).toContain(
    'Meanwhile attempt 1 did not end: worker w1 started it at 2026-10-26 11:00:00.100 UTC, and was shut down at 2026-10-26 11:00:05 UTC.',
  );
  expect(evidence.causes).toMatchObject([{ kind: 'restarted', to: new Date('2026-10-26T11:00:07.500Z') }]);
});

function event(type: string, at: string, members: object) {
  const reported = parseEvent(
    JSON.stringify({
      v: 1,
      seq: 1,
      type,
      at: ms(at),
      jobStore: 'default',
      jobId: 'j',
      runId: 'RUN',
      task: 'ping',
      ...members,
    }),
  );
  if (!reported) throw new Error(`${type} is not an event`);
  return reported;
}

it('6. its task was unknown', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' });
  const fire = ms('2026-10-26T11:00:00Z');
  const error = { name: 'UnknownTaskError', message: 'no worker has task "ping"', code: 'UNKNOWN_TASK' };
  const { code, sentence } = ask(
    job(hourly, { pending: '2026-10-26T13:00:00Z', open: [`e${fire}+0*1~60000`] }),
    '2026-10-26T11:00:00Z',
    {
      trace: {
        runId: 'RUN',
        run: undefined,
        events: [
          event('job_submitted', '2026-10-26T11:00:00.005Z', { scheduledRunTimes: [fire], coalesced: null }),
          event('job_started', '2026-10-26T11:00:00.045Z', { workerId: 'w1', attempt: 1 }),
          event('job_error', '2026-10-26T11:01:00Z', { executionId: 'RUN', scheduledRunTime: fire, error }),
        ],
      },
    },
  );
  expect(code).toBe('error');
  expect(sentence).toBe(
    'It ran at 2026-10-26 11:00 UTC and failed (UnknownTaskError: no worker has task "ping"). Run RUN was started by worker w1. It began 45 ms after it was due (planning 5 ms, queue 40 ms), and ran for 59 s.',
  );
});

it('7. a run that hung held its place', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' });
  const held = ms('2026-10-26T11:00:00Z');
  const { code, sentence, evidence } = ask(
    job(hourly, { pending: '2026-10-26T13:00:00Z', open: [`i${held}+0*1~3`] }),
    '2026-10-26T11:00:00Z',
    {
      holders: [{ fireTime: ms('2026-10-26T08:00:00Z'), runId: 'HUNG' }],
    },
  );
  expect(code).toBe('max_instances');
  expect(sentence).toBe(
    'It did not run at 2026-10-26 11:00 UTC: the job had as many live runs as it may have (maxInstances 1). The run of 2026-10-26 08:00 UTC (HUNG) held the place.',
  );
  expect(evidence.holders).toEqual([{ fireTime: new Date('2026-10-26T08:00:00Z'), runId: 'HUNG' }]);
});

it('8. its grace time was too short', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' }, { misfireGraceMs: 500 });
  const fire = ms('2026-10-26T11:00:00Z');
  const timeline = job(hourly, { pending: '2026-10-26T13:00:00Z', open: [`m${fire}+0*1~3500`] });
  const { code, sentence } = ask(timeline, '2026-10-26T11:00:00Z', {
    trace: {
      runId: 'RUN',
      run: undefined,
      events: [event('job_submitted', '2026-10-26T11:00:00.010Z', { scheduledRunTimes: [fire], coalesced: null })],
    },
  });
  expect(code).toBe('missed');
  expect(sentence).toBe(
    'It did not run at 2026-10-26 11:00 UTC: it was missed. It came up 3.5 s after it was due, which is 3 s more than its misfireGraceTime of 500 ms. Meanwhile its run waited in the queue of executor "default" for 3.5 s.',
  );
});

it('9. a deploy replaced it with another trigger', () => {
  const nine = record(cron('0 9 * * *'), { at: '2026-10-26T08:30:00Z', actor: 'deploy@ci', reason: 'release 42' });
  const { trigger, since } = record(cron('0 8 * * *'), { at: '2026-10-02T00:00:00Z' });
  const timeline = job(nine, {
    pending: '2026-10-27T09:00:00Z',
    entries: [
      changed('2026-10-26T08:30:01Z', 3, 3, {
        what: 'replaced',
        actor: 'deploy@ci',
        reason: 'release 42',
        was: { trigger, since },
      }),
    ],
    open: [`x${ms('2026-10-02T08:00:00Z')}+86400000*25~45`, `x${ms('2026-10-26T09:00:00Z')}+0*1~4`],
  });
  const early = ask(timeline, '2026-10-25T09:00:00Z');
  expect(early.code).toBe('other_revision');
  expect(early.sentence).toBe(
    "It was not to run at 2026-10-25 09:00 UTC: the job had another trigger then, cron[0 8 * * *] (hour is 9, the job says 8). The trigger that names it, cron[0 9 * * *], came later: deploy@ci replaced the job at 2026-10-26 08:30 UTC because of 'release 42'. The nearest fire times are 2026-10-25 08:00 UTC and 2026-10-26 08:00 UTC.",
  );
  expect(ask(timeline, '2026-10-27T08:00:00Z').code).toBe('other_revision');
  expect(ask(timeline, '2026-10-25T10:00:00Z')).toMatchObject({
    code: 'not_named',
    evidence: { mismatch: { field: 'hour', is: '10', says: '8' } },
  });
  expect(ask(timeline, '2026-10-26T08:00:00Z').code).toBe('executed');
});

it('10. an unnamed caller paused the job store', () => {
  const hourly = record(HOURLY, { at: '2026-10-02T00:00:00Z' });
  const paused = store(
    [BORN, 'leader_elected', { coordinatorId: 'c1', epoch: 1 }],
    ['2026-10-26T10:45:00Z', 'scheduler_paused', { actor: 'Bob', reason: 'maintenance' }],
  );
  const timeline = job(hourly, { pending: '2026-10-26T11:00:00Z' });
  const storeNow = { paused: true, isLed: true, isServed: true, hasTask: true, queue: null, silent: new Map() };
  const due = ask(timeline, '2026-10-26T11:00:00Z', { store: paused, storeNow });
  expect(due.code).toBe('store_paused');
  expect(due.sentence).toBe(
    "It has not run at 2026-10-26 11:00 UTC yet: the leader has not claimed it, and it has been due for 1 h. In the way now: Bob paused the job store at 2026-10-26 10:45 UTC because of 'maintenance'.",
  );
  const coming = ask(timeline, '2026-10-26T13:00:00Z', { store: paused, storeNow });
  expect(coming.code).toBe('will_fire');
  expect(coming.sentence).toContain(
    "In the way now: Bob paused the job store at 2026-10-26 10:45 UTC because of 'maintenance'.",
  );
});

it('of a job whose maxRuns are over, or which lets one run wait, what decided is said', () => {
  const twice = record(
    HOURLY,
    { at: '2026-10-02T00:00:00Z' },
    { maxRuns: 2, lastFireTime: ms('2026-10-02T02:00:00Z') },
  );
  const over = handMade({
    now: NOW,
    from: BORN,
    entries: [ended('2026-10-02T02:00:00.040Z', 2, 2, { what: 'finished' }, twice)],
  });
  expect(ask(over, '2026-10-02T03:00:00Z').sentence).toBe(
    'It did not run at 2026-10-02 03:00 UTC: the job finished at 2026-10-02 02:00:00.040 UTC: its maxRuns of 2 ended with the fire time of 2026-10-02 02:00 UTC.',
  );
  const queues = record(HOURLY, { at: '2026-10-02T00:00:00Z' }, { overlap: 'queue' });
  const timeline = job(queues, { pending: '2026-10-26T13:00:00Z', open: [`i${ms('2026-10-26T11:00:00Z')}+0*1~3`] });
  expect(ask(timeline, '2026-10-26T11:00:00Z').sentence).toMatch(
    / Its overlap 'queue' lets one run wait, and a newer one took its turn\.$/,
  );
});

it('has a sentence for jobs that are not there, for what is not known, and for what should not happen', () => {
  const hourly = record(HOURLY, { at: '2026-10-10T00:30:00Z', actor: 'Ann' });
  const gone = handMade({
    now: NOW,
    from: BORN,
    entries: [ended('2026-10-12T00:30:00Z', 2, 2, { what: 'removed', actor: 'Bob', reason: 'not needed' }, hourly)],
  });
  const reported = (timeline: Timeline, instant: string) => {
    const { code, sentence } = ask(timeline, instant);
    return `${code}: ${sentence}`;
  };
  expect(reported(gone, '2026-10-20T00:00:00Z')).toBe(
    "not_existing: It did not run at 2026-10-20 00:00 UTC: Bob removed the job at 2026-10-12 00:30 UTC because of 'not needed'.",
  );
  expect(reported(gone, '2026-10-05T00:00:00Z')).toBe(
    'not_existing: It did not run at 2026-10-05 00:00 UTC: Ann added the job at 2026-10-10 00:30 UTC, and it was not there before.',
  );
  expect(reported(gone, '2026-10-11T00:00:00Z')).toMatch(/^unaccounted: /);
  expect(reported(gone, '2026-09-11T00:00:00Z')).toBe(
    'unknown_before: What was at 2026-09-11 00:00 UTC is not known: the account speaks from 2026-10-01 00:00 UTC on.',
  );
  expect(reported(handMade({ now: NOW, from: BORN }), '2026-10-20T00:00:00Z')).toMatch(
    /^not_existing: .*there is no such job/,
  );
  const aside = handMade({
    now: NOW,
    from: BORN,
    entries: [ended('2026-10-12T01:00:00.020Z', 2, 2, { what: 'quarantined' }, hourly)],
  });
  for (const instant of ['2026-10-12T01:00:00Z', '2026-10-20T00:00:00Z']) {
    expect(reported(aside, instant)).toMatch(/^quarantined: .*moved to quarantine/);
  }
  // A run that the job owed before still goes on.
  const owed = { ...QUEUED_RUN, scheduledRunTimes: [new Date('2026-10-12T01:00:00Z')] };
  const answer = ask(aside, '2026-10-12T01:00:00Z', { trace: { runId: 'RUN', run: owed, events: [] } });
  expect(answer.code).toBe('waiting');
  const rescheduled = job(record(HOURLY, { at: '2026-10-26T09:30:00Z', first: '2026-10-26T11:00:00Z' }), {
    pending: '2026-10-26T13:00:00Z',
    open: [`X${ms('2026-10-26T11:59:00Z')}+0*1~5`, `x${ms('2026-10-26T11:00:00Z')}+3600000*2~5`],
  });
  expect(reported(rescheduled, '2026-10-26T10:00:00Z')).toContain(
    'not_named: It was not to run at 2026-10-26 10:00 UTC: its next run time was set to 2026-10-26 11:00 UTC',
  );
  expect(reported(rescheduled, '2026-10-26T11:59:00Z')).toContain('A caller asked for this run');
  const taken = handMade({
    now: NOW,
    from: BORN,
    entries: [
      outcomes('2026-10-10T01:00:00.050Z', `m${ms('2026-10-10T01:00:00Z')}+0*1~50`),
      ended('2026-10-10T01:00:00.050Z', 2, 2, { what: 'removed', actor: 'Bob' }, hourly),
    ],
  });
  expect(reported(taken, '2026-10-10T01:00:00Z')).toBe(
    'missed: It did not run at 2026-10-10 01:00 UTC: Bob removed the job at 2026-10-10 01:00:00.050 UTC before the fire time was claimed, and that took it away, so that it was missed.',
  );
});
