import { OUTCOME_LETTERS } from './last-run.js';

/** The outcomes of which a job has one open stretch each: see docs/decisions/0014-the-account.md. */
export const STRETCH_LETTERS = ['x', 'e', 'c', 'i', 'm', 'X', 'E', 'C', 'I', 'M'] as const;
export type StretchLetter = (typeof STRETCH_LETTERS)[number];

/** Outcomes of one kind at equal distances. */
export interface OpenStretch {
  /** Fire time, ms. */
  readonly first: number;
  /** ms; 0: there is one fire time. */
  readonly step: number;
  readonly count: number;
  /** How long after its fire time the slowest had its outcome, ms. */
  readonly slowest: number;
}

/** What is kept of a job under `last`. */
export interface Last {
  /** Of the last execution; null if there was none. */
  readonly execution: { readonly letter: string; readonly fireTime: number; readonly late: number } | null;
  readonly executed: number;
  readonly errors: number;
  readonly open: ReadonlyMap<StretchLetter, OpenStretch>;
}

const LAST = /^(\S+) (\S+) (-|-?\d+)(\S*) (\d+) (\d+)$/;
// No instant has more digits.
const STRETCH = /^([A-Za-z])(-?\d{1,16})\+(\d{1,16})(?:\*(\d{1,16}))?~(\d{1,16})$/;
const LETTERS: Readonly<Record<string, string>> = OUTCOME_LETTERS;

const NONE: Last = { execution: null, executed: 0, errors: 0, open: new Map() };

/** Of any format; null if some of it cannot be read. */
export function readLast(text: string | null): Last | null {
  if (text === null) return NONE;
  const match = LAST.exec(text);
  if (!match) return null;
  const [, outcome = '', fire = '', late = '', stretches = '', executed, errors] = match;
  const fireTime = Number(fire);
  const word = LETTERS[outcome];
  const open = new Map<StretchLetter, OpenStretch>();
  for (const text of stretches.split(',').slice(1)) {
    const stretch = stretchOf(text, fireTime);
    if (!stretch || open.has(stretch[0])) return null;
    open.set(...stretch);
  }
  const execution = { letter: word ?? outcome, fireTime, late: Number(late) - (word ? fireTime : 0) };
  return {
    execution: fire === '-' ? null : execution,
    executed: Number(executed),
    errors: Number(errors),
    open,
  };
}

/** @param end the last fire time of a stretch that says no count. */
function stretchOf(text: string, end: number): [StretchLetter, OpenStretch] | null {
  const [, letter, first, step, said, slowest] = STRETCH.exec(text) ?? [];
  if (!letter || !STRETCH_LETTERS.includes(letter as StretchLetter)) return null;
  const stretch = { first: Number(first), step: Number(step), slowest: Number(slowest) };
  const counted = stretch.step === 0 ? 1 : (end - stretch.first) / stretch.step + 1;
  const count = said === undefined ? counted : Number(said);
  return Number.isInteger(count) && count >= 1 ? [letter as StretchLetter, { ...stretch, count }] : null;
}

/** In format 3. */
export function writeLast({ execution, executed, errors, open }: Last): string {
  const letter = execution?.letter ?? '-';
  const front = open.get(letter as StretchLetter);
  const texts = STRETCH_LETTERS.flatMap((kind) => {
    const stretch = kind === letter ? undefined : open.get(kind);
    return stretch ? textOf(kind, stretch) : [];
  });
  // Its last fire time is that of the execution, and gives the count.
  if (front) texts.unshift(`${letter}${front.first}+${front.step}~${front.slowest}`);
  return `${[`${letter} ${execution?.fireTime ?? '-'} ${execution?.late ?? '-'}`, ...texts].join(',')} ${executed} ${errors}`;
}

/** The text of a stretch, as entries have it. */
export function textOf(letter: string, { first, step, count, slowest }: OpenStretch): string {
  return `${letter}${first}+${step}*${count}~${slowest}`;
}

/** The texts of what is open of a job. */
export function openStretches(text: string | null): readonly string[] {
  return [...(readLast(text)?.open ?? [])].map(([letter, stretch]) => textOf(letter, stretch));
}

/** The open stretch of a letter after another fire time: the one that is open then, and the one that is closed by that. */
export function extend(
  stretch: OpenStretch | undefined,
  fireTime: number,
  now: number,
): { readonly open: OpenStretch; readonly closed?: OpenStretch } {
  const late = Math.max(0, now - fireTime);
  if (!stretch) return { open: { first: fireTime, step: 0, count: 1, slowest: late } };
  const { first, step, count, slowest } = stretch;
  const gap = fireTime - (first + step * (count - 1));
  if (gap > 0 && gap <= Number.MAX_SAFE_INTEGER && (gap === step || step === 0))
    return { open: { first, step: gap, count: count + 1, slowest: Math.max(slowest, late) } };
  return { open: { first: fireTime, step: 0, count: 1, slowest: late }, closed: stretch };
}
