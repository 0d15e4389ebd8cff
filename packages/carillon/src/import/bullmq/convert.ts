import { hash } from 'node:crypto';
import { cron, interval, type JsonValue, type Trigger } from '@carillon/core';
import type { BullmqRecord } from '@carillon/core/internal';
import { type Choices, changed, commonOf, type Entry, type Note } from '../entry.js';
import { policyOf } from './policy.js';
import { type Members, nameIn, objectOf, orWhy } from './stored.js';

/** The job that does what a job scheduler, or an older repeatable, of a queue does. */
export function convertRecord(record: BullmqRecord, queue: string, choices: Choices): Entry {
  const { key, fields } = record;
  // A worker of BullMQ 5 counts an older repeatable, too: its key is a hash.
  const isScheduler = fields.ic !== undefined && !/^[0-9a-f]{32}$/.test(key);
  const from = `${queue} ${isScheduler ? '' : 'repeatable '}${key}`;
  return orWhy(from, () => convert(record, { queue, from, isScheduler, choices }));
}

interface RecordFacts {
  readonly queue: string;
  readonly from: string;
  readonly isScheduler: boolean;
  readonly choices: Choices;
}

function convert(record: BullmqRecord, { queue, from, isScheduler, choices }: RecordFacts): Entry {
  const { key, fields, pending, next } = record;
  const hasPending = Object.keys(pending).length > 0;
  if (!isScheduler && !hasPending)
    throw new RangeError('its pending job is gone, and its data too: it no longer fires there');
  // An older repeatable has its data, its options and its limit in the pending job alone.
  const options = objectOf(fields.opts ?? pending.opts);
  const repeat = { ...((objectOf(pending.opts).repeat ?? {}) as Members), ...fields };
  const left = runsLeftOf(record, repeat);
  if (left === 0) throw new RangeError(`it has fired as often as its limit of ${repeat.limit} allows`);
  const { trigger, notes } = triggerOf(repeat, next, choices.timezone);
  const { policy, notes: ofPolicy } = policyOf(options);
  const own = fields.name ?? pending.name ?? '';
  const id = isScheduler ? `${queue}:${key}` : `${queue}:${own}:${hash('md5', key).slice(0, 8)}`;
  const stopped = hasPending ? [] : [changed('it has no pending job: it no longer fires there, and fires here')];
  return {
    from,
    spec: {
      id,
      task: choices.task(nameIn(queue, own)),
      args: [JSON.parse(fields.data ?? pending.data ?? '{}') as JsonValue],
      trigger,
      executor: choices.executor(queue),
      ...(left !== undefined && { maxRuns: left }),
      ...policy,
      ...commonOf(choices),
    },
    notes: [...notes, ...ofPolicy, ...stopped],
    theirNext: new Date(next),
  };
}

/** The pending fire is counted there already. */
function runsLeftOf({ pending }: BullmqRecord, { limit, ic, count }: Members): number | undefined {
  if (limit === undefined) return undefined;
  const isPending = pending.name !== undefined && pending.processedOn === undefined && pending.finishedOn === undefined;
  return Math.max(Number(limit) - Number(count ?? ic ?? 1) + (isPending ? 1 : 0), 0);
}

function triggerOf(repeat: Members, next: number, timezone: string | undefined): { trigger: Trigger; notes: Note[] } {
  const { every, tz } = repeat;
  const pattern = repeat.pattern ?? repeat.cron;
  const [start, end] = [instantOf('startDate', repeat.startDate), instantOf('endDate', repeat.endDate)];
  if (end !== undefined && end < Date.now()) throw new RangeError(`its endDate ${new Date(end).toISOString()} is past`);
  const endAt = end === undefined ? {} : { endAt: new Date(end) };
  if (every !== undefined) {
    const step = Number(every);
    if (!Number.isFinite(step) || step < 1) throw new RangeError(`every ${String(every)} is not a number of ms`);
    // The first fire of its row that is not before its start, or 1970: so the trigger is the same whenever it is imported.
    const first = start === undefined ? next % step : start + ((((next - start) % step) + step) % step);
    return { trigger: interval({ milliseconds: step, startAt: new Date(first), ...endAt }), notes: [] };
  }
  if (typeof pattern !== 'string') throw new RangeError('it has neither every nor a pattern');
  const zone = typeof tz === 'string' ? tz : timezone;
  const startAt = start === undefined ? {} : { startAt: new Date(start) };
  const notes =
    zone === undefined ? [changed('read in UTC, while BullMQ uses the zone of its worker: give --timezone')] : [];
  return { trigger: cron(pattern, { timezone: zone ?? 'UTC', ...startAt, ...endAt }), notes };
}

function instantOf(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms = new Date(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : (value as string)).getTime();
  if (Number.isNaN(ms)) throw new RangeError(`${name} ${JSON.stringify(value)} is not an instant`);
  return ms;
}
