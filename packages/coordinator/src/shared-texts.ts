/** How many different ones are known; none of them is needed. */
const MOST = 1_000;

/** Texts that many jobs have alike: equal ones become one. */
export class SharedTexts {
  readonly #known = new Map<string, string>();

  of(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size === MOST) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
