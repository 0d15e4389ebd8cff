const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How much of the time one sees, ms, from a minute to a year. */
export const SPANS: Readonly<Record<string, number>> = {
  year: 365 * DAY,
  month: 30 * DAY,
  week: 7 * DAY,
  day: DAY,
  hour: HOUR,
  minute: MINUTE,
};

const CELLS = 120;

export interface View {
  readonly span: string;
  /** The middle, ms since 1970. */
  readonly middle: number;
}

/** What the address says; what it does not say, or says badly: a day around the present. */
export function viewOf(span: string, at: string, now: number): View {
  const middle = Date.parse(at);
  return { span: Object.hasOwn(SPANS, span) ? span : 'day', middle: Number.isNaN(middle) ? now : middle };
}

/** Past and to come in one band. It begins where a cell does, so that the band is the same for some time. */
export function periodOf({ span, middle }: View): { from: number; to: number; cells: number } {
  const length = SPANS[span] ?? DAY;
  const cell = length / CELLS;
  const from = Math.floor((middle - length / 2) / cell) * cell;
  return { from, to: from + length, cells: CELLS };
}
