/** Something fails, and is tried again until it works. */
export interface Outage {
  /** Since when, ms by the clock of its process. */
  readonly since: number;
  /** What it failed with last, for people. */
  readonly why: string;
}
