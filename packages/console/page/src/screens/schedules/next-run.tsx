import type { Job, RecordedChange } from '../../api/types';
import { Outcome } from '../../parts/outcome';
import { Time } from '../../parts/time';

/** When a job fires next, in the viewer's zone and its own; of a paused one, since when, by which actor and why. */
export function NextRun({ job, change }: { readonly job: Job; readonly change: RecordedChange | undefined }) {
  const { nextRunTime, paused, timezone } = job;
  if (paused) {
    const why = change && [change.actor && `by ${change.actor}`, change.reason].filter(Boolean).join(': ');
    return (
      <div title={why}>
        <div class="clip">
          <Outcome of="paused" /> {why}
        </div>
        {change?.at && (
          <div class="clip muted small">
            since <Time at={change.at} isBrief />
          </div>
        )}
      </div>
    );
  }
  if (nextRunTime === null) return <span class="muted">none: its trigger has ended</span>;
  return (
    <div class="clip">
      <Time at={nextRunTime} zone={timezone} isBrief />
    </div>
  );
}
