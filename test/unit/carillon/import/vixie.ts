/** Computes which minutes Vixie cron's five fields name. It follows the bit rules of Vixie's source, and uses none of our code. */
export class VixieEntry {
  readonly #bits: readonly Set<number>[];
  readonly #stars: readonly boolean[];

  constructor(schedule: string) {
    const fields = schedule.split(' ');
    const bounds = [
      [0, 59],
      [0, 23],
      [1, 31],
      [1, 12],
      [0, 7],
    ] as const;
    this.#stars = fields.map((field) => field[0] === '*');
    this.#bits = bounds.map(([low, high], index) => bitsOf(fields[index] ?? '', low, high, index));
  }

  /** Whether the fields name an instant of a clock in UTC. */
  fires(at: Date): boolean {
    const [minute, hour, day, month, weekday] = this.#bits.map((bits, index) => bits.has(shownBy(at, index)));
    const [, , dayStar, , weekdayStar] = this.#stars;
    const isDay = dayStar || weekdayStar ? day && weekday : day || weekday;
    return Boolean(minute && hour && month && isDay);
  }
}

function shownBy(at: Date, index: number): number {
  const all = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()];
  return all[index] ?? Number.NaN;
}

const NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function bitsOf(field: string, low: number, high: number, index: number): Set<number> {
  const bits = new Set<number>();
  const number = (text: string) => {
    const name = text.toLowerCase();
    if (index === 3 && NAMES.includes(name)) return NAMES.indexOf(name) + 1;
    return index === 4 && DAYS.includes(name) ? DAYS.indexOf(name) : Number(text);
  };
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to = from] = range.split('-');
    const [first, last] = range === '*' ? [low, high] : [number(from), number(to)];
    for (let value = first; value <= last; value += Number(step)) bits.add(value);
  }
  if (index === 4 && (bits.has(0) || bits.has(7))) bits.add(0).add(7);
  return bits;
}
