/**
 * A judge of fire times around a change of clocks. It shares no code with the triggers. It asks Intl what the clock
 * shows at every minute of a quarter of an hour in which it jumps, and looks up every wall-clock minute in that list.
 */

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 1_440 * MINUTE;

export interface Dst {
  readonly gap: 'shift' | 'skip';
  readonly fold: 'first' | 'second' | 'both';
}

/** Whether a wall-clock time matches. The UTC fields of the Date are what the clock shows. */
export type Matches = (clock: Date) => boolean;

export interface Judge {
  readonly from: number;
  readonly to: number;
  fires(matches: Matches, rule: Dst): number[];
}

/** Judges the days around `middle` (ISO), in a zone. */
export function judge(zone: string, middle: string, days = 3): Judge {
  const from = Date.parse(middle) - days * DAY;
  const to = Date.parse(middle) + days * DAY;
  const shownAt = clockOf(zone);
  const instants = new Map<number, number[]>();
  let next = shownAt(from - 2 * DAY);
  for (let quarter = from - 2 * DAY; quarter <= to + 2 * DAY; quarter += QUARTER) {
    const begin = next;
    next = shownAt(quarter + QUARTER);
    const still = next - begin === QUARTER;
    for (let offset = 0; offset < QUARTER; offset += MINUTE) {
      const shown = still ? begin + offset : shownAt(quarter + offset);
      const known = instants.get(shown);
      if (known) known.push(quarter + offset);
      else instants.set(shown, [quarter + offset]);
    }
  }
  const shown = [...instants.keys()];
  const earliest = Math.min(...shown);
  const latest = Math.max(...shown);
  const matched = new Map<Matches, readonly number[]>();

  /** Returns every matching minute that any clock could show in these days. */
  const clocksOf = (matches: Matches): readonly number[] => {
    const known = matched.get(matches);
    if (known) return known;
    const found: number[] = [];
    const date = new Date(earliest);
    for (let clock = earliest; clock <= latest; clock += MINUTE) {
      date.setTime(clock);
      if (matches(date)) found.push(clock);
    }
    matched.set(matches, found);
    return found;
  };

  const resolve = (clock: number, rule: Dst): number[] => {
    const found = instants.get(clock);
    if (found !== undefined)
      return rule.fold === 'both' ? found : found.slice(...(rule.fold === 'first' ? [0, 1] : [-1]));
    if (rule.gap === 'skip') return [];
    let real = clock;
    while (!instants.has(real)) real -= MINUTE;
    return [(instants.get(real)?.at(-1) ?? Number.NaN) + (clock - real)];
  };

  return {
    from,
    to,
    fires(matches, rule) {
      const fires = new Set<number>();
      for (const clock of clocksOf(matches)) {
        for (const fire of resolve(clock, rule)) if (fire > from && fire <= to) fires.add(fire);
      }
      return [...fires].sort((a, b) => a - b);
    },
  };
}

/** Returns what a zone's clock shows at an instant, as if it were UTC; whole minutes. */
export function clockOf(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (instant) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (format.format(instant).match(/\d+/g) ?? []).map(
      Number,
    );
    return Date.UTC(year, month - 1, day, hour, minute);
  };
}
