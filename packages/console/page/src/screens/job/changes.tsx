import { call, inStore } from '../../api/client';
import type { RecordedChange } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Empty, Shown } from '../../parts/states';
import { Time } from '../../parts/time';
import { Difference } from './difference';
import type { OfJob } from './of-job';

/** What was done to the job, by which actor and why, and what it changed. */
export function Changes({ store, job: { id, revision, paused } }: OfJob) {
  const changes = useLoad(`${store} ${id} ${revision} ${paused}`, (signal) =>
    call<{ changes: readonly RecordedChange[] }>(`${inStore(store, 'jobs', id, 'changes')}?limit=50`, { signal }),
  );
  return (
    <section class="panel" aria-labelledby="changes">
      <h2 id="changes">Changes</h2>
      <Shown of={changes} what="changes">
        {({ changes: list }) => (
          <>
            {list.length === 0 && <Empty title="Nothing is kept of changes" />}
            <ol class="changes">
              {list.map((change, place) => (
                <li key={`${change.at} ${change.revision} ${place}`}>
                  <div class="row">
                    <strong>{change.what ?? 'changed'}</strong>
                    {change.at && <Time at={change.at} withDistance />}
                    <span>by {change.actor ?? 'a caller without a name'}</span>
                    {change.reason && <span class="break">“{change.reason}”</span>}
                  </div>
                  <Difference of={change.changed} />
                </li>
              ))}
            </ol>
          </>
        )}
      </Shown>
    </section>
  );
}
