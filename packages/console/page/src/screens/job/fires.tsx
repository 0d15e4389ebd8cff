import { call, inStore } from '../../api/client';
import type { Fires as FiresOfJob } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Empty, Shown } from '../../parts/states';
import { Distance, Time } from '../../parts/time';
import { offsetIn } from '../../time';
import type { OfJob } from './of-job';

/** The next 20 fire times. Where the clock of the job's zone changes before one, that is said. */
export function Fires({ store, job, version, explain }: OfJob) {
  const { id, revision, nextRunTime, paused, timezone = 'UTC' } = job;
  const fires = useLoad(`${store} ${id} ${revision} ${nextRunTime} ${paused && version}`, (signal) =>
    call<FiresOfJob>(`${inStore(store, 'jobs', id, 'fires')}?limit=20`, { signal }),
  );
  return (
    <section class="panel" aria-labelledby="fires">
      <h2 id="fires">{paused ? 'Would fire next' : 'Fires next'}</h2>
      <Shown of={fires} what="fire times">
        {({ fires: list, warnings }) => (
          <>
            {list.length === 0 && <Empty title="No more fire times">Its trigger has ended: edit it.</Empty>}
            <ol class="fires">
              {list.map(({ at, due }, place) => {
                const before = offsetIn(list[place - 1]?.at ?? new Date().toISOString(), timezone);
                const offset = offsetIn(at, timezone);
                return (
                  <li key={at}>
                    {before !== offset && (
                      <div class="notice warn small clock-change">
                        The clock of {timezone} changes before this: {before} → {offset}
                      </div>
                    )}
                    <button type="button" class="fire" onClick={() => explain(at)} title="Explain">
                      <Time at={at} zone={job.timezone} />
                      <span class="muted small">
                        <Distance at={at} />
                        {due !== at && `, jitter ${(new Date(due).getTime() - new Date(at).getTime()) / 1_000} s`}
                      </span>
                    </button>
                  </li>
                );
              })}
            </ol>
            {warnings.map(({ changeAt, kind, message }) => (
              <p key={`${changeAt} ${kind}`} class="notice warn small">
                {message}
              </p>
            ))}
          </>
        )}
      </Shown>
    </section>
  );
}
