/** An event as text: its type, and the members that the store does not add, without braces. */
export interface EventText {
  readonly type: string;
  readonly body: string;
}

/** What a job store has published. Its text is written when it is needed: most of what is logged is never read. */
export class Message {
  readonly #seq: number;
  readonly #type: string;
  readonly #at: number;
  readonly #body: string;

  constructor({ type, body }: EventText, seq: number, at: number) {
    this.#seq = seq;
    this.#type = type;
    this.#at = at;
    this.#body = inOnePiece(body);
  }

  get text(): string {
    return `{"v":1,"seq":${this.#seq},"type":${JSON.stringify(this.#type)},"at":${this.#at},${this.#body}}`;
  }

  /** How many characters its text has, and some more. */
  get mostLength(): number {
    return this.#body.length + this.#type.length + 100;
  }
}

const FIRST = /^"/;

/**
 * A text that was put together stays a dozen objects until it is read. The log keeps thousands, and the collector would move all of them
 * while runs wait to begin.
 */
function inOnePiece(text: string): string {
  FIRST.test(text);
  return text;
}
