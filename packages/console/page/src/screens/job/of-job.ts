import type { Job } from '../../api/types';

/** What every part of the screen is given. */
export interface OfJob {
  readonly store: string;
  readonly job: Job;
  /** Grows as something happens to the job: look again. */
  readonly version: number;
  /** Asks why the job fired then, or did not. */
  readonly explain: (at: string) => void;
}
