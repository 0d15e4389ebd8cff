/** How many different ones are known; none of them is needed. */
const MOST = 1_000;
/** Longer ones are rarely equal, and would be kept for nothing. */
const LONGEST = 1_023;

/** Texts that many jobs have alike: equal ones become one, unless they are long. */
export class SharedTexts {
  readonly #known = new Map<string, string>();

  of(text: string): string {
    if (text.length > LONGEST) return text;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size === MOST) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
