import '../../../styles/cluster.css';
import { useState } from 'preact/hooks';
import { call, inStore } from '../../api/client';
import { useLive } from '../../api/live';
import type { JobStore, Measure, QuarantinedRecord, StoreHistory } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Shown } from '../../parts/states';
import type { ScreenProps } from '../../screen-props';
import { may } from '../../session';
import { typesOf } from '../events/groups';
import { PauseDialog } from './actions';
import type { ClusterWhole } from './cluster-whole';
import { Leadership } from './leadership';
import { Quarantine } from './quarantine';
import { Queues } from './queues';
import { Workers } from './workers';

export function Cluster({ store }: ScreenProps) {
  const loaded = useLoad(store, (signal) => load(store, signal));
  useLive(store, typesOf('cluster'), loaded.reload);
  const [isAsking, setAsking] = useState(false);
  const isPaused = loaded.data?.inspected.paused ?? false;
  return (
    <>
      <div class="screen-head">
        <h1>Cluster</h1>
        {loaded.data && may('administer') && (
          <button type="button" class={`button ${isPaused ? '' : 'danger'}`} onClick={() => setAsking(true)}>
            {isPaused ? 'Resume all firing…' : 'Pause all firing…'}
          </button>
        )}
      </div>
      <Shown of={loaded} what="the cluster">
        {(whole) => (
          <div class="stack">
            {isPaused && (
              <p class="notice warn">
                All firing of this job store is stopped. Fire times that come meanwhile are owed once it is resumed.
              </p>
            )}
            <Leadership {...whole} />
            <Workers {...whole} />
            <Queues {...whole} />
            <Quarantine store={store} records={whole.records} done={loaded.reload} />
          </div>
        )}
      </Shown>
      {isAsking && <PauseDialog {...{ store, isPaused }} done={loaded.reload} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The most records in quarantine that are listed. */
const MOST_RECORDS = 200;

async function load(store: string, signal: AbortSignal): Promise<ClusterWhole> {
  const [inspected, measured, history, { records }] = await Promise.all([
    call<JobStore>(inStore(store), { signal }),
    call<Measure>(inStore(store, 'measure'), { signal }),
    call<StoreHistory>(`${inStore(store, 'history')}?limit=50`, { signal }),
    call<{ records: QuarantinedRecord[] }>(`${inStore(store, 'quarantine')}?limit=${MOST_RECORDS}`, { signal }),
  ]);
  return { inspected, measured, history, records };
}
