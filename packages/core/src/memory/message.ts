import { inOnePiece } from '../in-one-piece.js';

/** The members of an event that its caller gives. Their text is written when it is needed. */
export interface EventBody {
  /** JSON without braces. */
  readonly text: string;
  /** How many characters of the text are the value that a task returned. */
  readonly valueLength: number;
}

/** The type of an event, and the members that its caller gives: as text without braces, or as a body. */
export interface EventText {
  readonly type: string;
  readonly body: string | EventBody;
}

/** A message that a job store has published. Its text is written when it is needed: most logged messages are never read. */
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

  /** The most characters that it has apart from ids, names and times. */
  get contentLength(): number {
    return typeof this.#body === 'string' ? this.#body.length : this.#body.valueLength;
  }
}
