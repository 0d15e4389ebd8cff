import { counted } from '../../counted.js';
import { lengthText } from '../../duration-text.js';
import { type Finding, LATE_MS } from '../finding.js';
import { isLimited } from './limits-reached.js';
import { dueForMs, type Load, nameOf } from './load.js';
import { isFull } from './slots-full.js';

/** What is queued begins within milliseconds where a slot is free. */
export function runsWaiting(load: Load): Finding[] {
  const { jobStore, executor, now, queued, isPartOf } = load;
  const [oldest] = queued;
  const waitingMs = oldest ? dueForMs(oldest, now) : 0;
  if (!oldest || waitingMs <= LATE_MS) return [];
  const many = `${isPartOf ? 'at least ' : ''}${counted(queued.length, 'run is', 'runs are')} queued for executor "${executor}"`;
  const which = queued.length === 1 && !isPartOf ? 'and' : 'the oldest';
  const finding = `${many}, ${which} was due ${lengthText(waitingMs)} ago: ${nameOf(oldest)}`;
  const level = isLimited(load) ? 'warning' : 'error';
  return [{ level, code: 'runs_waiting', jobStore, finding, whatToDo: whatToDo(load) }];
}

function whatToDo(load: Load): string {
  if (isLimited(load)) return 'A limit of the whole cluster holds them back: see the other finding.';
  if (isFull(load)) return 'They wait for a slot: see `slots_full`.';
  return 'Slots are free, and no worker takes them: look at the logs of the workers, and at what `carillon health` reports.';
}
