import type { CarillonEvent } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../../../packages/carillon/src/alerts/check.js';
import type { AlertRule } from '../../../../packages/carillon/src/alerts/rule.js';
import { failuresAfter, judgeEvent } from '../../../../packages/carillon/src/alerts/rules/events.js';
import { judgeLook, type StoreLook } from '../../../../packages/carillon/src/alerts/rules/looks.js';
import { lengthOf } from '../../../../packages/carillon/src/alerts/rules/words.js';
import { subjectOf, type Verdict } from '../../../../packages/carillon/src/alerts/verdict.js';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const of = (...rules: AlertRule[]) => checkSettings({ rules }).rules;
const shown = ({ rule, subject, isBad }: Verdict) => `${isBad ? 'bad' : 'good'} ${rule} ${subject.key}`;

/** An event of job `j`, of task `t` in executor `e`. */
function event(type: CarillonEvent['type'], more: object = {}): CarillonEvent {
  const time = new Date(NOW);
  const members = { jobId: 'j', runId: 'r', task: 't', scheduledRunTime: time, first: time, last: time };
  return {
    v: 1,
    seq: 1,
    type,
    at: time,
    jobStore: 'default',
    ...members,
    error: { name: 'E', message: 'no' },
    ...more,
  } as CarillonEvent;
}

/** Returns the verdicts of rules on events in their order, also of rules that count failures. */
function judged(rules: readonly AlertRule[], events: readonly CarillonEvent[], jobId: string | null = 'j'): string[] {
  let failures = 0;
  const subject = subjectOf({ jobId, task: 't', executor: jobId === null ? null : 'e' });
  return events.flatMap((one) => {
    failures = failuresAfter(failures, one);
    return judgeEvent(of(...rules), one, { subject, failures, began: null }).map(shown);
  });
}

describe('rules of events', () => {
  const [error, executed, missed, started, cancelled] = (
    ['job_error', 'job_executed', 'job_missed', 'job_started', 'job_cancelled'] as const
  ).map((type) => event(type)) as [CarillonEvent, CarillonEvent, CarillonEvent, CarillonEvent, CarillonEvent];

  it.each([
    ['first failure', 1, [error], ['bad f job j']],
    ['success', 1, [executed], ['good f job j']],
    ['two of three', 3, [error, error], []],
    ['three in a row', 3, [error, error, error], ['bad f job j']],
    ['a success between', 3, [error, error, executed, error, error], ['good f job j']],
    ['what did not run between', 2, [error, cancelled, missed, started, error], ['bad f job j']],
    ['more than that', 2, [error, error, error], ['bad f job j', 'bad f job j']],
  ] as const)('failed: %s', (_, times, events, says) => {
    expect(judged([{ name: 'f', when: 'failed', times }], events)).toEqual(says);
  });

  it('missed: until a later one begins', () => {
    expect(judged([{ name: 'm', when: 'missed' }], [missed, missed, error, executed, started])).toEqual([
      ...['bad m job j', 'bad m job j', 'good m job j'],
    ]);
  });

  it('are asked of what their filters name, and all of a job that is removed', () => {
    const failed = (name: string, filter: object): AlertRule => ({ name, when: 'failed', ...filter });
    const rules = [
      failed('all', {}),
      failed('job', { job: ['x', 'j'] }),
      failed('other-job', { job: 'x*' }),
      failed('task', { task: 't*' }),
      failed('other-task', { task: 'x' }),
      failed('executor', { executor: 'e' }),
      failed('both', { job: 'j', executor: 'x' }),
      { name: 'leader', when: 'no_leader', for: '1m' } as const,
    ];
    const names = (reported: readonly string[]) => reported.map((text) => text.split(' ')[1]);
    expect(names(judged(rules, [error]))).toEqual(['all', 'job', 'task', 'executor']);
    expect(names(judged(rules, [error], null))).toEqual(['all', 'task']);
    expect(judged(rules, [event('job_removed')])).toEqual(rules.map(({ name }) => `good ${name} job j`));
  });

  it('late: later than it may be; in time closes', () => {
    const rule: AlertRule = { name: 'l', when: 'late', by: '1m' };
    const begun = (lateMs: number) =>
      judgeEvent(of(rule), started, {
        subject: subjectOf({ jobId: 'j', task: 't', executor: 'e' }),
        failures: 0,
        began: { fireTime: NOW, lateMs },
      });
    expect([MINUTE, MINUTE + 1].flatMap((lateMs) => begun(lateMs).map(shown))).toEqual(['good l job j', 'bad l job j']);
    expect(begun(90_000)[0]).toMatchObject({ why: 'Job j began 1.5 min late, at fire time 2026-01-01 00:00:00 UTC.' });
    // The start of a run whose fire time is not known.
    expect(judged([rule], [started])).toEqual([]);
  });
});

describe('rules of looks', () => {
  const QUIET: StoreLook = { now: NOW, isLed: true, executors: [], unstarted: [], unsuccessful: [] };

  /** Returns the verdicts of rules on one look each minute. */
  function looked(rules: readonly AlertRule[], looks: readonly Partial<StoreLook>[]): string[] {
    const since = new Map<string, number>();
    return looks.map((look, minute) =>
      judgeLook(of(...rules), { ...QUIET, now: NOW + minute * MINUTE, ...look }, since)
        .map(shown)
        .join(', '),
    );
  }

  it('no_leader: once it has lasted for the time of the rule, and until a coordinator leads', () => {
    const looks = [true, false, false, false, true, false].map((isLed) => ({ isLed }));
    const [good, bad] = ['good l store', 'bad l store'];
    expect(looked([{ name: 'l', when: 'no_leader', for: '2m' }], looks)).toEqual([good, '', '', bad, good, '']);
  });

  it('no_workers: of executors that are owed runs, or named in full', () => {
    const of = (isServed: boolean, isOwed: boolean) => ({
      executors: ['a', 'b'].map((executor) => ({ executor, isServed, isOwed })),
    });
    const rules: AlertRule[] = [
      { name: 'w', when: 'no_workers', for: '1m' },
      { name: 'a', when: 'no_workers', for: '1m', executor: 'a' },
    ];
    const good = 'good w executor a, good w executor b';
    expect(
      looked(rules, [
        of(true, true),
        of(false, false),
        of(false, false),
        of(false, true),
        of(false, true),
        of(true, false),
      ]),
    ).toEqual([
      `${good}, good a executor a`,
      good,
      `${good}, bad a executor a`,
      'bad a executor a',
      'bad w executor a, bad w executor b, bad a executor a',
      `${good}, good a executor a`,
    ]);
  });

  it('late: what has not begun in that time', () => {
    const unstarted = [0, MINUTE, MINUTE + 1].map((lateMs, index) => ({
      ...{ jobId: `j${index}`, task: 't', executor: 'e', runId: null, fireTime: NOW - lateMs - 5, dueAt: NOW - lateMs },
    }));
    const enqueued = { jobId: null, task: 't', executor: null, runId: 'r', fireTime: 0, dueAt: 0 };
    const rules: AlertRule[] = [
      { name: 'l', when: 'late', by: '1m' },
      { name: 'x', when: 'late', by: '1m', executor: 'x' },
    ];
    expect(looked(rules, [{ unstarted: [...unstarted, enqueued] }])).toEqual(['bad l job j2, bad l task t']);
  });

  it('no_success: for longer than it may be', () => {
    const job = { task: 't', executor: 'e', lastFailed: null };
    const unsuccessful = [MINUTE, MINUTE + 1].map((ms, index) => ({
      ...job,
      jobId: `j${index}`,
      since: NOW - ms,
      didOnce: index === 0,
    }));
    const reported = judgeLook(of({ name: 's', when: 'no_success', for: '1m' }), { ...QUIET, unsuccessful }, new Map());
    expect(reported.map(shown)).toEqual(['bad s job j1']);
    expect(reported[0]).toMatchObject({
      ask: NOW,
      why: expect.stringMatching(/^Job j1 has not succeeded for 1 min, and never since/),
    });
  });
});

it('a length is shown in the unit that people would take', () => {
  const lengths = [0, 999, 1_000, 90_000, 3_600_000, 93_600_000, 172_800_000, 216_000_000];
  expect(lengths.map(lengthOf)).toEqual(['0 ms', '999 ms', '1 s', '1.5 min', '1 h', '26 h', '2 d', '2.5 d']);
});
