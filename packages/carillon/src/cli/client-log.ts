import { type Logger, pino } from 'pino';
import type { Io } from './io.js';

/** What a client reports in addition to its answers, as single lines on stderr. */
export class ClientLog {
  readonly logger: Logger;
  #unreadable = 0;

  constructor(io: Io) {
    // A command that fails says so itself: warnings of a connection that is not there come on top.
    this.logger = pino({ level: 'error', base: null, timestamp: false }, { write: (line) => this.#print(io, line) });
  }

  /** How many records were reported that cannot be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  #print(io: Io, line: string): void {
    const { level: _, msg, err, why, ...details } = JSON.parse(line) as { [name: string]: unknown };
    if (why !== undefined) this.#unreadable += 1;
    const fields = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    const reason = why ?? (err as { message?: string } | undefined)?.message;
    io.note([String(msg), ...fields, ...(reason === undefined ? [] : [String(reason)])].join(': '));
  }
}
