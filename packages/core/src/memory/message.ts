import { inOnePiece } from '../in-one-piece.js';

/** The members of an event that the store does not add, written when they are needed. */
export interface EventBody {
  /** JSON without braces. */
  readonly text: string;
  /** How many characters of it are a value that a task returned. */
  readonly valueLength: number;
}

/** An event: its type, and the members that the store does not add, without braces where they are text already. */
export interface EventText {
  readonly type: string;
  readonly body: string | EventBody;
}

/** What a job store has published. Its text is written when it is needed: most of what is logged is never read. */
export class Message {
  readonly #seq: number;
  readonly #type: string;
  readonly #at: number;
  readonly #body: string | EventBody;

  constructor({ type, body }: EventText, seq: number, at: number) {
    this.#seq = seq;
    this.#type = type;
    this.#at = at;
    this.#body = typeof body === 'string' ? inOnePiece(body) : body;
  }

  get text(): string {
    const body = typeof this.#body === 'string' ? this.#body : this.#body.text;
    return `{"v":1,"seq":${this.#seq},"type":${JSON.stringify(this.#type)},"at":${this.#at},${body}}`;
  }

  /** How many characters it has beside ids, names and times, at most. */
  get contentLength(): number {
    return typeof this.#body === 'string' ? this.#body.length : this.#body.valueLength;
  }
}
