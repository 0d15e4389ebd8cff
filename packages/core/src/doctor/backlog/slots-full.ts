import { counted, ofNumber } from '../../counted.js';
import { lengthText } from '../../duration-text.js';
import type { Finding } from '../finding.js';
import { dueForMs, type Load, nameOf } from './load.js';

/** Every slot is taken, and runs wait for one. */
export function slotsFull(load: Load): Finding[] {
  const { jobStore, executor, now, queued } = load;
  if (!isFull(load) || queued.length === 0) return [];
  const [first] = load.holders;
  const held = first
    ? `; ${nameOf(first)} holds ${load.slots === 1 ? 'it' : 'one'}, ${lengthText(dueForMs(first, now))} after it was due`
    : '';
  const all = load.slots === 1 ? 'the only slot' : `all ${load.slots} slots`;
  const finding = `${all} of executor "${executor}" ${ofNumber(load.slots, 'is', 'are')} taken, and ${counted(queued.length, 'run is', 'runs are')} queued${held}`;
  const look = first ? ` \`carillon runs show ${first.runId}\` shows that one, \`carillon runs cancel\` ends it.` : '';
  const whatToDo = `Start more workers with \`--executor ${executor}\`, or raise their concurrency: \`--executor ${executor}:<n>\`.${look}`;
  return [{ level: 'warning', code: 'slots_full', jobStore, finding, whatToDo }];
}

export function isFull({ running, slots }: Load): boolean {
  return running >= slots;
}
