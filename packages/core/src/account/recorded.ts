import { type FireOutcome, isInstant, StretchReader } from './stretch-reader.js';

export type { FireOutcome } from './stretch-reader.js';

/** Outcomes of one kind at equal distances. Instants and distances are ms. */
interface Stretch {
  readonly form: 'stretch';
  readonly outcome: Exclude<FireOutcome, 'coalesced'>;
  /** Whether the outcomes are of runs that callers asked for (`runJob`). No trigger names their fire times. */
  readonly asked: boolean;
  readonly first: number;
  /** The distance between fire times; 0 if there is one outcome. */
  readonly step: number;
  readonly count: number;
  /** How long after its fire time the slowest one was settled; null if not recorded. */
  readonly slowestMs: number | null;
}

/** Every fire time that the trigger names from the first to the last, both inclusive. */
interface OutcomeRange {
  readonly form: 'range';
  readonly outcome: 'missed' | 'coalesced';
  readonly first: number;
  readonly last: number;
  /** The fire time of the run that replaces them; null if they were missed. */
  readonly into: number | null;
}

export type Recorded = Stretch | OutcomeRange;

/** Outcomes, and the data of their entry in the account. */
export type DatedRecord = Recorded & {
  /** When the entry was written, ms; null if the stretch is open. */
  readonly closedAt: number | null;
  /** The generation of the job then; null if not known. A range has the fire times that the trigger of this generation names. */
  readonly generation: number | null;
};

/** The members are copied one by one: spreading thousands of records takes ten times as long. */
export function dated(recorded: Recorded, closedAt: number | null, generation: number | null): DatedRecord {
  if (recorded.form === 'range') {
    const { form, outcome, first, last, into } = recorded;
    return { form, outcome, first, last, into, closedAt, generation };
  }
  const { form, outcome, asked, first, step, count, slowestMs } = recorded;
  return { form, outcome, asked, first, step, count, slowestMs, closedAt, generation };
}

const RANGE = /^(?:m(-?\d{1,16})-(-?\d{1,16})|o(-?\d{1,16})-(-?\d{1,16})>(-?\d{1,16}))$/;

/** Reads a stretch or a range from its text (`docs/decisions/0014-the-account.md`), which begins at `from`; null if it cannot be read. */
export function decodeRecorded(text: string, from = 0): Recorded | null {
  return decodeStretch(text, from) ?? decodeRange(text.slice(from));
}

/** The last fire time of outcomes, ms. */
export function lastOf(recorded: Recorded): number {
  return recorded.form === 'range' ? recorded.last : recorded.first + recorded.step * (recorded.count - 1);
}

const reader = new StretchReader();

function decodeStretch(text: string, from: number): Stretch | null {
  if (!reader.read(text, from)) return null;
  const { outcome, asked, first, step, count, slowestMs } = reader;
  return { form: 'stretch', outcome, asked, first, step, count, slowestMs };
}

function decodeRange(text: string): OutcomeRange | null {
  const match = RANGE.exec(text);
  if (!match) return null;
  const [, missedFirst, missedLast, first, last, into] = match;
  const range: OutcomeRange =
    into === undefined
      ? { form: 'range', outcome: 'missed', first: Number(missedFirst), last: Number(missedLast), into: null }
      : { form: 'range', outcome: 'coalesced', first: Number(first), last: Number(last), into: Number(into) };
  const isInOrder = range.first <= range.last && (range.into === null || range.last < range.into);
  return isInOrder && isInstant(range.first) && isInstant(range.into ?? range.last) ? range : null;
}
