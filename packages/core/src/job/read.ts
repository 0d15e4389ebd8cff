import type { AskedBy } from '../by.js';

/** When a job was read to be changed, and for which caller: the change takes effect as of then. */
export interface Read {
  readonly jobStore: string;
  /** The store's time of reading, ms. */
  readonly now: number;
  /** Who asks for the change, and why: its events say so. */
  readonly by?: AskedBy | undefined;
}
