import { date, type JsonValue } from '@carillon/core';
import type { BullmqDelayed } from '@carillon/core/internal';
import { type Choices, changed, commonOf, type Entry, type Note } from '../entry.js';
import { policyOf } from './policy.js';
import { type Members, nameIn, objectOf, orWhy } from './stored.js';

/** The job that does once what a delayed job of a queue does. */
export function convertDelayed(record: BullmqDelayed, queue: string, choices: Choices): Entry {
  const from = `${queue} delayed ${record.id}`;
  return orWhy(from, () => convert(record, queue, from, choices));
}

/** Whether the job is the pending fire of a job scheduler, which is imported by itself. One that is tried again is not. */
export function isPendingFire({ id, fields }: BullmqDelayed): boolean {
  return id.startsWith('repeat:') && attemptsMade(fields) === 0;
}

function convert({ id, dueAt, fields }: BullmqDelayed, queue: string, from: string, choices: Choices): Entry {
  if (Object.keys(fields).length === 0) throw new RangeError('its record is gone, and its data too');
  if (fields.parentKey !== undefined) throw new RangeError(`it is a child of a flow: ${fields.parentKey} waits for it`);
  const made = attemptsMade(fields);
  const { options, notes } = withoutAttempts(objectOf(fields.opts), made);
  const { policy, notes: ofPolicy } = policyOf(options);
  const at = new Date(dueAt);
  return {
    from,
    spec: {
      id: `${queue}:delayed:${id}`,
      task: choices.task(nameIn(queue, fields.name)),
      args: [JSON.parse(fields.data ?? '{}') as JsonValue],
      trigger: date(at),
      executor: choices.executor(queue),
      ...policy,
      ...commonOf(choices),
    },
    notes: [...notes, ...ofPolicy],
    theirNext: at,
  };
}

/** Releases name it in two ways. */
function attemptsMade({ atm, attemptsMade: made }: BullmqDelayed['fields']): number {
  return Number(atm ?? made ?? 0);
}

/** The options of a job that has used some of its attempts. */
function withoutAttempts(options: Members, made: number): { options: Members; notes: readonly Note[] } {
  if (made === 0) return { options, notes: [] };
  const attempts = Number(options.attempts ?? 1);
  const left = Math.max(attempts - made, 1);
  const note = changed(`it has failed ${made} of ${attempts} times there: here it has ${left} more`);
  return { options: { ...options, attempts: left }, notes: [note] };
}
