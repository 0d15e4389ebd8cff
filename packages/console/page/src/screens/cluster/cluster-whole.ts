import type { JobStore, Measure, QuarantinedRecord, StoreHistory } from '../../api/types';

/** All that the screen loads of a job store. */
export interface ClusterWhole {
  readonly inspected: JobStore;
  readonly measured: Measure;
  readonly history: StoreHistory;
  readonly records: readonly QuarantinedRecord[];
}
