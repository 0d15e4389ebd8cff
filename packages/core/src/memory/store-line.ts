import { FormatTooNewError, FormatTooOldError } from '../errors.js';
import type { Formats } from '../format.js';
import type { Line } from './line.js';
import type { StoreState } from './store/state.js';

/** Calls that are not checked: they are not a script in Redis, or concern no single store. */
const UNCHECKED: ReadonlySet<string> = new Set(['register', 'withdraw', 'history', 'events']);
/** Calls that show a member. They also begin in a format that is too new for it. */
const SHOWING: ReadonlySet<string> = new Set(['say', 'contend', 'join', 'heartbeat', 'leave']);

/** The line between one user and one job store. It refuses every call of a user who does not read the format of the store. */
export class StoreLine {
  readonly formats: Formats;
  readonly #line: Line;
  readonly #state: StoreState;

  constructor(line: Line, state: StoreState, formats: Formats) {
    this.#line = line;
    this.#state = state;
    this.formats = formats;
  }

  ask<T>(call: string, effect: () => T): Promise<T> {
    return this.#line.ask(call, () => {
      if (!UNCHECKED.has(call)) this.#check(SHOWING.has(call));
      return effect();
    });
  }

  #check(shows: boolean): void {
    const state = this.#state;
    const { oldest, newest } = this.formats;
    state.format ??= { format: oldest, lowest: oldest };
    const { format } = state.format;
    if (format < oldest) throw new FormatTooOldError(state.alias, format, oldest);
    if (format > newest && !shows) throw new FormatTooNewError(state.alias, format, newest);
  }
}
