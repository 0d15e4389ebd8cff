import { DAY_MS, dayOfWeek, firstDayOf, isLeapYear, monthAndDay } from './civil.js';
import type { OffsetAt } from './zone-offset.js';

/** A change of a zone's offset, at an instant; all in ms. */
export interface ZoneChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** A year's changes, ascending. Years are those of UTC. */
export type ChangesOf = (year: number) => readonly ZoneChange[];

/** No zone ever kept an offset for less than 6.9 days (Recife in October 2000, a week less an hour). So no change is missed. */
export const STEP_MS = 6.75 * DAY_MS;
/** No zone ever left the course of the year before or after for less than 12 days, and then returned to it. So no difference is missed. */
const CHECK_MS = 11.5 * DAY_MS;

/** Before the first year, each zone had the mean time of a place. After the last year, no trigger fires. */
export const FIRST_YEAR = 1_830;
const LAST_YEAR = 10_000;

/**
 * The tz database lists changes one by one up to 2037, and gives a yearly rule for all later years. For a zone whose changes follow Ramadan, it
 * lists them up to 2087. The year 2045 shows such a zone, as Ramadan is in summer then.
 */
const RULES = [
  { year: 2_037, others: [2_038, 2_045] },
  { year: 2_100, others: [2_101] },
] as const;

/** After this year, computing the changes by a rule is faster than finding them among thousands of remembered years. */
const LAST_KEPT_YEAR = 2_110;

/** Returns the changes of a zone by year. Each year is read once. The result does not depend on which years were read before. */
export function changesOfZone(offsetAt: OffsetAt): ChangesOf {
  const known = new Map<number, readonly ZoneChange[]>();

  const changesOf: ChangesOf = (year) => {
    const found = known.get(year);
    if (found !== undefined) return found;
    const changes = read(year);
    if (year <= LAST_KEPT_YEAR) known.set(year, changes);
    return changes;
  };

  const read = (year: number): readonly ZoneChange[] => {
    if (year < FIRST_YEAR || year > LAST_YEAR) return [];
    for (const [index, { year: ruleYear }] of RULES.entries()) {
      const rule = year > ruleYear ? ruleOf(index) : null;
      if (rule) return rule(year);
    }
    const neighbour = known.get(year - 1) ?? known.get(year + 1);
    return (neighbour && repeated(offsetAt, neighbour, year)) ?? lookedFor(offsetAt, year, neighbour);
  };

  const rules = new Map<number, ((year: number) => readonly ZoneChange[]) | null>();
  /** The rule of the years from `RULES[index].year` on; null if later years do not repeat it. */
  const ruleOf = (index: number) => {
    const found = rules.get(index);
    if (found !== undefined) return found;
    const { year, others } = RULES[index] ?? RULES[1];
    const changes = changesOf(year);
    const holds = others.every((other) => repeated(offsetAt, changes, other) !== undefined);
    const rule = holds ? yearlyRule(offsetAt, changes) : null;
    rules.set(index, rule);
    return rule;
  };

  return changesOf;
}

export function startOf(year: number): number {
  return firstDayOf(year * 12) * DAY_MS;
}

/** Years that begin on the same weekday, and are both leap years or both not, have their changes on the same dates. */
function yearlyRule(offsetAt: OffsetAt, rule: readonly ZoneChange[]): (year: number) => readonly ZoneChange[] {
  const byCalendar = new Map<number, readonly ZoneChange[]>();
  return (year) => {
    const start = startOf(year);
    const calendar = dayOfWeek(start / DAY_MS) * 2 + (isLeapYear(year) ? 1 : 0);
    const alike =
      byCalendar.get(calendar) ?? relativeTo(start, predicted(offsetAt, rule, year) ?? lookedFor(offsetAt, year));
    byCalendar.set(calendar, alike);
    return relativeTo(-start, alike);
  };
}

function relativeTo(start: number, changes: readonly ZoneChange[]): readonly ZoneChange[] {
  return changes.map(({ at, before, after }) => ({ at: at - start, before, after }));
}

function lookedFor(offsetAt: OffsetAt, year: number, neighbour: readonly ZoneChange[] = []): readonly ZoneChange[] {
  return changesBetween(offsetAt, startOf(year) - 1, startOf(year + 1) - 1, neighbour);
}

/**
 * Finds the changes after `from` and up to `end` (ms). It compares the offsets step by step. Where two differ, it searches for the instant of the
 * change.
 * @param others changes of the zone at other times: most zones change at the same time on the same weekday.
 */
export function changesBetween(
  offsetAt: OffsetAt,
  from: number,
  end: number,
  others: readonly ZoneChange[] = [],
): readonly ZoneChange[] {
  const changes: ZoneChange[] = [];
  for (let before = offsetAt(from); from < end; from += STEP_MS) {
    const to = Math.min(from + STEP_MS, end);
    const after = offsetAt(to);
    if (after !== before) {
      const like = [...changes, ...others].find((change) => change.before === before && change.after === after);
      changes.push({ at: firstWithout({ offsetAt, offset: before, from, to, like: like?.at }), before, after });
    }
    before = after;
  }
  return changes;
}

interface Sought {
  readonly offsetAt: OffsetAt;
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  /** The instant (ms) of another change that may be at the same time of the week. */
  readonly like: number | undefined;
}

/** The first instant after `from` and up to `to` that has another offset. Changes are at whole seconds, and mostly at whole hours. */
function firstWithout({ offsetAt, offset, from, to, like }: Sought): number {
  const isBefore = (second: number) => offsetAt(second * 1_000) === offset;
  let low = Math.floor(from / 1_000);
  let high = Math.floor(to / 1_000);
  const alike = like === undefined ? high : low + ((((like / 1_000 - low) % WEEK) + WEEK) % WEEK);
  if (low < alike && alike < high) {
    if (isBefore(alike)) low = alike;
    else if (isBefore(alike - 1)) return alike * 1_000;
    else high = alike - 1;
  }
  while (high - low > 2 * HOUR) {
    const middle = Math.floor((low + high) / 2 / HOUR) * HOUR;
    if (isBefore(middle)) low = middle;
    else high = middle;
  }
  const hour = Math.floor(high / HOUR) * HOUR;
  if (hour > low) {
    if (!isBefore(hour - 1)) high = hour - 1;
    else if (isBefore(hour)) low = hour;
    else return hour * 1_000;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isBefore(middle)) low = middle;
    else high = middle;
  }
  return high * 1_000;
}

const WEEK = 604_800;
const HOUR = 3_600;

/** The changes of a year that repeats those of another year; undefined where the clock differs. */
function repeated(offsetAt: OffsetAt, other: readonly ZoneChange[], year: number): readonly ZoneChange[] | undefined {
  const changes = predicted(offsetAt, other, year);
  if (changes === undefined) return undefined;
  const start = startOf(year) - 1;
  const end = startOf(year + 1) - 1;
  let expected = changes[0]?.before ?? offsetAt(start);
  let passed = 0;
  for (let instant = start; instant < end + CHECK_MS; instant += CHECK_MS) {
    const looked = Math.min(instant, end);
    for (; (changes[passed]?.at ?? Number.POSITIVE_INFINITY) <= looked; passed++) {
      expected = changes[passed]?.after ?? expected;
    }
    if (offsetAt(looked) !== expected) return undefined;
  }
  return changes;
}

/** The changes of a year by a rule such as "the last Sunday of March", as read from another year; undefined where the clock differs. */
function predicted(offsetAt: OffsetAt, rule: readonly ZoneChange[], year: number): readonly ZoneChange[] | undefined {
  const changes: ZoneChange[] = [];
  for (const change of rule) {
    const at = candidates(change.at, year).find(
      (instant) => offsetAt(instant - 1) === change.before && offsetAt(instant) === change.after,
    );
    if (at === undefined || at < startOf(year) || at >= startOf(year + 1)) return undefined;
    if (at <= (changes.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) return undefined;
    changes.push({ ...change, at });
  }
  return changes;
}

/** Instants of a year at the same time of day, most likely first: on the same weekday after and before the date, then on the date itself. */
function candidates(at: number, year: number): number[] {
  const day = Math.floor(at / DAY_MS);
  const monthDay = monthAndDay(day);
  const month = Math.floor(monthDay / 32) % 12;
  const sameDate = firstDayOf(year * 12 + month) + (monthDay % 32) - 1;
  const later = (dayOfWeek(day) - dayOfWeek(sameDate) + 7) % 7;
  const days = later === 0 ? [sameDate] : [sameDate + later, sameDate + later - 7, sameDate];
  return days.map((candidate) => candidate * DAY_MS + (at - day * DAY_MS));
}
