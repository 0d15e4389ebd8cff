import type { Job } from '../../api/types';

export interface DialogOfJob {
  readonly store: string;
  readonly job: Job;
  readonly onClose: () => void;
}
