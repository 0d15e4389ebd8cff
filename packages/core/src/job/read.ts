import type { AskedBy } from '../by.js';

/** When a job was read to be changed, and for which caller: the change takes effect as of then. */
export interface Read {
  readonly jobStore: string;
  /** The store's time of reading, ms. */
  readonly now: number;
  /** The actor of the change, and the reason: its events have them. */
  readonly by?: AskedBy | undefined;
}
