/** One of the five fields of a crontab, as Vixie cron reads it. */
export interface Field {
  readonly values: readonly number[];
  /** Whether it names all values. */
  readonly isFull: boolean;
  /** Whether it begins with `*`: Vixie cron decides by this, not by whether it names all values. */
  readonly hasStar: boolean;
  /** The field in the form of a cron trigger. */
  readonly text: string;
  /** Whether cron picks a value at random: then `values` are those that it picks from. */
  readonly isRandom: boolean;
}

/** The kind of a field: its name and values. */
export interface FieldKind {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** In order, from `low` on. */
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const MINUTE: FieldKind = { name: 'minute', low: 0, high: 59 };
export const HOUR: FieldKind = { name: 'hour', low: 0, high: 23 };
export const DAY: FieldKind = { name: 'day of month', low: 1, high: 31 };
export const MONTH: FieldKind = { name: 'month', low: 1, high: 12, names: MONTHS };
/** 7 is Sunday, too. */
export const WEEKDAY: FieldKind = { name: 'day of week', low: 0, high: 7, names: WEEKDAYS };

/** @throws RangeError that says what is wrong with it. */
export function readField(text: string, kind: FieldKind): Field {
  const random = /^(\w*)~(\w*)$/.exec(text);
  if (random) return randomField(random, kind);
  const parts = text.split(',').map((part) => readPart(part, kind, text));
  const isWeekday = kind === WEEKDAY;
  const named = parts.flatMap(({ values }) => values).map((value) => (isWeekday ? value % 7 : value));
  const values = [...new Set(named)].sort((one, other) => one - other);
  // A trigger refuses a step that is longer than what it steps over; cron takes it.
  const takesText = parts.every(({ step, from, to }) => step === 1 || step <= to - from);
  return {
    values,
    isFull: values.length === (isWeekday ? 7 : kind.high - kind.low + 1),
    hasStar: text.startsWith('*'),
    text: takesText ? text.toLowerCase() : values.join(','),
    isRandom: false,
  };
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly values: readonly number[];
}

function readPart(part: string, kind: FieldKind, whole: string): Part {
  const fail = (why: string) => new RangeError(`${kind.name} ${JSON.stringify(whole)} ${why}`);
  const [, range = '', first = '', last, stepText] = /^(\*|(\w+)(?:-(\w+))?)(?:\/(\w+))?$/.exec(part) ?? [];
  if (range === '') throw fail(`has ${JSON.stringify(part)}, which is neither *, a value, a range nor a step`);
  if (stepText !== undefined && range !== '*' && last === undefined) {
    throw fail(`has a step after a single value, which cron does not take: write ${first}-${kind.high}/${stepText}`);
  }
  // Sunday is once in `*`.
  const high = kind === WEEKDAY && range === '*' ? 6 : kind.high;
  const from = range === '*' ? kind.low : readValue(first, kind, fail);
  const to = range === '*' ? high : readValue(last ?? first, kind, fail);
  if (to < from) throw fail(`has the range ${range}, which ends before it begins: cron does not take it`);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (!Number.isInteger(step) || step < 1)
    throw fail(`has the step ${stepText}, which is not a whole number from 1 on`);
  const values = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  return { from, to, step, values };
}

function readValue(text: string, kind: FieldKind, fail: (why: string) => Error): number {
  const named = kind.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return kind.low + named;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= kind.low && value <= kind.high) return value;
  const names = kind.names ? ` or ${kind.names[0]}–${kind.names.at(-1)}` : '';
  throw fail(`has ${JSON.stringify(text)}, which is not ${kind.low}–${kind.high}${names}`);
}

/** `0~30`: cronie picks a value of these each time it reads the file. A trigger picks one by the job's id. */
function randomField([text, first = '', last = '']: RegExpExecArray, kind: FieldKind): Field {
  const high = kind === WEEKDAY ? 6 : kind === DAY ? 28 : kind.high;
  const { from, to, values } = readPart(`${first || kind.low}-${last || high}`, kind, text);
  return { values, isFull: false, hasStar: false, text: `H(${from}-${to})`, isRandom: true };
}
