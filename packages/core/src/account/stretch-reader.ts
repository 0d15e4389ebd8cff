/** How a fire time ended. */
export type FireOutcome = 'executed' | 'error' | 'cancelled' | 'max_instances' | 'missed' | 'coalesced';

const OUTCOMES = { x: 'executed', e: 'error', c: 'cancelled', i: 'max_instances', m: 'missed' } as const;

const MOST_DIGITS = 16;
const [ZERO, NINE, MINUS] = [48, 57, 45];
const [PLUS, TIMES, TILDE] = [43, 42, 126];
/** The last instant that a Date can have. */
const LAST_INSTANT = 8.64e15;

export function isInstant(ms: number): boolean {
  return Math.abs(ms) <= LAST_INSTANT;
}

/**
 * Reads the text of a stretch, such as `x1700000000000+60000*5~230`. An account may have thousands of them. So it reads character by character,
 * cuts nothing out of the text, and keeps the values of the last stretch in itself instead of in an object for each.
 */
export class StretchReader {
  outcome: Exclude<FireOutcome, 'coalesced'> = 'executed';
  asked = false;
  first = 0;
  step = 0;
  count = 0;
  slowestMs: number | null = null;
  #text = '';
  #place = 0;

  /** The last fire time of the stretch, ms. */
  get last(): number {
    return this.first + this.step * (this.count - 1);
  }

  /** Reads a stretch. Returns whether the text from this place on is a stretch and nothing else. If it is not, the other members have no meaning. */
  read(text: string, from: number): boolean {
    const letter = text.charAt(from);
    const lower = letter.toLowerCase();
    const outcome = OUTCOMES[lower as keyof typeof OUTCOMES];
    if (!outcome) return false;
    this.outcome = outcome;
    this.asked = letter !== lower;
    this.#text = text;
    this.#place = from + 1;
    this.first = this.#integer();
    if (!this.#passes(PLUS)) return false;
    this.step = this.#natural();
    if (!this.#passes(TIMES)) return false;
    this.count = this.#natural();
    this.slowestMs = this.#passes(TILDE) ? this.#integer() : null;
    return this.#place === text.length && this.#isWhole();
  }

  #isWhole(): boolean {
    const { first, step, count, slowestMs } = this;
    // NaN is not equal to itself, and neither greater nor less than any number.
    if (slowestMs !== null && Number.isNaN(slowestMs)) return false;
    const hasSteps = count === 1 ? step === 0 : count > 1 && step > 0;
    return hasSteps && isInstant(first) && isInstant(this.last);
  }

  #passes(code: number): boolean {
    if (this.#text.charCodeAt(this.#place) !== code) return false;
    this.#place += 1;
    return true;
  }

  #integer(): number {
    return this.#passes(MINUS) ? -this.#natural() : this.#natural();
  }

  /** Returns NaN if there is no digit, or if there are too many. */
  #natural(): number {
    const text = this.#text;
    const from = this.#place;
    let place = from;
    let number = 0;
    for (let code = text.charCodeAt(place); code >= ZERO && code <= NINE; code = text.charCodeAt(++place)) {
      number = number * 10 + (code - ZERO);
    }
    this.#place = place;
    return place === from || place - from > MOST_DIGITS ? Number.NaN : number;
  }
}
