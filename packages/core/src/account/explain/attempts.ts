import type { JobStartedEvent } from '../../event/events.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { Cause } from './explanation.js';
import type { Subject } from './subject.js';
import type { Course } from './trace.js';
import { timeText } from './words.js';

/** Says why there was more than one attempt: a worker gave a run back or was lost, or the task failed. */
export function attemptCauses({ store }: Subject, course: Course | null, zone: string): Cause[] {
  if (!course) return [];
  return [...unended(store, course, zone), ...failed(course, zone)];
}

/** Describes the first attempt that was started and did not end. */
function unended(store: StoreTimeline, { starts, failed }: Course, zone: string): Cause[] {
  const again = starts.slice(0, -1).filter(({ attempt }) => !failed.some((one) => one.attempt === attempt));
  const [first] = again;
  if (!first) return [];
  const which = again.length === 1 ? `attempt ${first.attempt}` : `${again.length} attempts`;
  const begun = `worker ${first.workerId} started ${again.length === 1 ? 'it' : 'the first'} at ${timeText(first.at.getTime(), zone)}`;
  const text = `${which} did not end: ${begun}${leftText(store, first, zone)}`;
  return [{ kind: 'restarted', from: first.at, to: starts.at(-1)?.at ?? null, text }];
}

/** Says how the worker of a start left, if it did. */
function leftText({ services, servedBefore }: StoreTimeline, { workerId, at }: JobStartedEvent, zone: string): string {
  const all = servedBefore ? [servedBefore, ...services] : services;
  const service = all.find((one) => one.workerId === workerId && one.to !== null && one.to >= at.getTime());
  if (!service || service.to === null) return '';
  const how = { stopped: 'was shut down', lost: 'was lost', silent: 'joined again', removed: 'left the executor' };
  return service.end === null ? '' : `, and ${how[service.end]} at ${timeText(service.to, zone)}`;
}

/** Describes the last attempt that failed and was to be tried again. */
function failed(course: Course, zone: string): Cause[] {
  const last = course.failed.at(-1);
  if (!last) return [];
  const { attempt, at, error, retryAt } = last;
  const text = `attempt ${attempt} failed at ${timeText(at.getTime(), zone)} (${error.name}: ${error.message}), to be tried again at ${timeText(retryAt.getTime(), zone)}`;
  return [{ kind: 'retry', from: at, to: retryAt, text }];
}
