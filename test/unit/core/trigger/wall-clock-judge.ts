/**
 * A judge of fire times around a change of clocks. It shares no code with the triggers: it asks Intl what the clock
 * shows, at every minute of a quarter of an hour in which it jumps, and looks every wall-clock minute up in that list.
 */

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 1_440 * MINUTE;

export interface Dst {
  readonly gap: 'shift' | 'skip';
  readonly fold: 'first' | 'second' | 'both';
}

/** What the clock shows, as a Date whose UTC fields are to be read. */
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
  for (let quarter = from - 2 * DAY; quarter <= to + 2 * DAY; quarter += QUARTER) {
    const begin = shownAt(quarter);
    const still = shownAt(quarter + QUARTER) - begin === QUARTER;
    for (let offset = 0; offset < QUARTER; offset += MINUTE) {
      const shown = still ? begin + offset : shownAt(quarter + offset);
      instants.set(shown, [...(instants.get(shown) ?? []), quarter + offset]);
    }
  }
  const shown = [...instants.keys()];
  const earliest = Math.min(...shown);
  const latest = Math.max(...shown);

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
      for (let clock = earliest; clock <= latest; clock += MINUTE) {
        if (!matches(new Date(clock))) continue;
        for (const fire of resolve(clock, rule)) if (fire > from && fire <= to) fires.add(fire);
      }
      return [...fires].sort((a, b) => a - b);
    },
  };
}

/** Answers what a zone's clock shows at an instant, as if it were UTC; whole minutes. */
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
