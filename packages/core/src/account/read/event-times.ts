import type { CarillonEvent } from '../../event/events.js';

/** Whether an event is about this fire time (ms). */
export function isAt(event: CarillonEvent, fireTime: number): boolean {
  if ('scheduledRunTimes' in event) return event.scheduledRunTimes.some((at) => at.getTime() === fireTime);
  if (event.type === 'job_missed') return event.first.getTime() <= fireTime && fireTime <= event.last.getTime();
  return 'scheduledRunTime' in event && event.scheduledRunTime.getTime() === fireTime;
}

/** Whether an event says how an execution of this fire time (ms) ended. */
export function isSettled(event: CarillonEvent, fireTime: number): boolean {
  const { type } = event;
  return (type === 'job_executed' || type === 'job_error' || type === 'job_cancelled') && isAt(event, fireTime);
}
