import type { CarillonEvent, FireRange, JobErrorEvent, Scheduler } from '@carillon/core';

declare const scheduler: Scheduler;
declare const onError: (event: JobErrorEvent) => void;
const reported = (..._: readonly unknown[]): void => {};

export const accepted = [
  scheduler.addListener((event) => reported(event.type, event.seq, event.at.getTime())),
  scheduler.addListener((event: CarillonEvent) => reported(event.jobStore)),
  scheduler.addListener((event) => reported(event.error.message, event.scheduledRunTime), ['job_error']),
  scheduler.addListener(onError, ['job_error']),
  scheduler.addListener(
    (event) => {
      if (event.type === 'job_missed') reported(event satisfies FireRange);
      else reported(event.value);
    },
    ['job_executed', 'job_missed'],
  ),
  scheduler
    .addListener(async (event) => reported(event.coalesced?.first), ['job_submitted'])
    .then((end) => end.remove()),
  scheduler.addListener(onError, ['job_error'], { since: new Date(), jobStore: 'other' }),
  scheduler.addListener((event) => reported(event.eventId), undefined, { since: '1790000000000-0' }),
  scheduler.addListener((event) => reported(event.retryAt, event.attempt, event.error.code), ['job_retrying']),
  scheduler.addListener((event) => reported(event.runId, event.jobId?.length), ['job_max_instances', 'job_cancelled']),
  scheduler.removeListener(onError),
];

export const refused = [
  // @ts-expect-error there is no such event
  scheduler.addListener(() => {}, ['job_failed']),
  // @ts-expect-error an event of one type has no member of another
  scheduler.addListener((event) => reported(event.value), ['job_error']),
  // @ts-expect-error one of two has no value
  scheduler.addListener((event) => reported(event.value), ['job_executed', 'job_missed']),
  // @ts-expect-error a place in the log is a Date or an eventId
  scheduler.addListener(onError, ['job_error'], { since: 5 }),
  // @ts-expect-error what was cancelled has no value
  scheduler.addListener((event) => reported(event.value), ['job_cancelled']),
  // @ts-expect-error without types, every event may come
  scheduler.addListener(onError),
  // @ts-expect-error this callback cannot take what comes
  scheduler.addListener(onError, ['job_executed']),
  scheduler.addListener((event) => {
    // @ts-expect-error an event is read only
    event.seq = 1;
  }),
];
