import { createHash } from 'node:crypto';
import type { Trigger } from '@carillon/core';
import type { Fire } from './effect.js';

const UNITS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 } as const;
const HOUR = 3_600;

/** Computes when a trigger fires from its documentation: intervals, dates, and crontab strings of seconds and minutes. */
export class FireTimes {
  readonly trigger: Trigger;
  readonly #jobId: string;
  readonly #next: (after: number) => number;
  readonly #from: number;
  readonly #until: number;
  readonly #jitter: number;

  constructor(trigger: Trigger, anchor: number, jobId: string) {
    this.trigger = trigger;
    this.#jobId = jobId;
    const window = trigger as { readonly startAt?: string; readonly endAt?: string; readonly jitter?: unknown };
    this.#from = window.startAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(window.startAt);
    this.#until = window.endAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(window.endAt);
    this.#jitter = typeof window.jitter === 'number' ? window.jitter : 0;
    this.#next = nextOf(trigger, anchor);
  }

  /** The first fire time after an instant, or null. */
  next(after: number): number | null {
    const fireTime = this.#next(Math.max(after, this.#from - 1));
    return fireTime <= this.#until && Number.isFinite(fireTime) ? fireTime : null;
  }

  /** The first fire after an instant, or null. */
  fireAfter(after: number): Fire | null {
    const fireTime = this.next(after);
    return fireTime === null ? null : { fireTime, dueAt: fireTime + this.#delay(fireTime) };
  }

  /** Jitter: a hash of job id and fire time, less than the distance to the next fire time, and not beyond the end. */
  #delay(fireTime: number): number {
    const room = Math.min(this.next(fireTime) ?? Number.POSITIVE_INFINITY, this.#until + 1) - fireTime;
    const range = Math.min(this.#jitter, room);
    if (range === 0) return 0;
    const hash = createHash('sha256').update(`${fireTime} ${this.#jobId}`).digest('hex').slice(0, 12);
    return Math.floor((Number.parseInt(hash, 16) / 2 ** 48) * range);
  }
}

function nextOf(trigger: Trigger, anchor: number): (after: number) => number {
  if (trigger.type === 'date') {
    const at = Date.parse(trigger.at);
    return (after) => (at > after ? at : Number.POSITIVE_INFINITY);
  }
  if (trigger.type === 'interval') {
    const given: { readonly [unit: string]: unknown } = { ...trigger };
    const long = Object.entries(UNITS).reduce((sum, [unit, ms]) => sum + Number(given[unit] ?? 0) * ms, 0);
    const step = long + Number(given.milliseconds ?? 0);
    const first = trigger.startAt === undefined ? anchor + step : Date.parse(trigger.startAt);
    return (after) => (after < first ? first : first + (Math.floor((after - first) / step) + 1) * step);
  }
  if (trigger.type === 'cron' && trigger.expression !== undefined) return nextOfCron(trigger.expression);
  throw new Error(`the auditor does not know triggers such as ${JSON.stringify(trigger)}`);
}

/** The seconds of an hour at which each expression fires. */
const SECONDS = new Map<string, readonly number[]>();

/** In UTC; hours, days, months and weekdays are `*`. */
function nextOfCron(expression: string): (after: number) => number {
  const inHour = SECONDS.get(expression) ?? secondsOf(expression);
  SECONDS.set(expression, inHour);
  return (after) => {
    const from = Math.floor(after / 1_000) + 1;
    const hour = Math.floor(from / HOUR) * HOUR;
    const found = inHour.find((second) => hour + second >= from);
    return (found === undefined ? hour + HOUR + (inHour[0] ?? Number.NaN) : hour + found) * 1_000;
  };
}

function secondsOf(expression: string): readonly number[] {
  const [seconds = '', minutes = '', ...rest] = expression.split(' ');
  if (rest.join(' ') !== '* * * *') throw new Error(`the auditor does not know ${expression}`);
  const matches = (field: string, value: number) =>
    field === '*' ||
    (field.startsWith('*/') ? value % Number(field.slice(2)) === 0 : field.split(',').includes(`${value}`));
  const inHour: number[] = [];
  for (let second = 0; second < HOUR; second++) {
    if (matches(seconds, second % 60) && matches(minutes, Math.floor(second / 60))) inHour.push(second);
  }
  return inHour;
}

/** Whether two triggers have the same members, in any order. */
export function sameTrigger(one: Trigger, other: Trigger): boolean {
  const form = (trigger: Trigger) => JSON.stringify(Object.entries(trigger).sort(([a], [b]) => (a < b ? -1 : 1)));
  return form(one) === form(other);
}
