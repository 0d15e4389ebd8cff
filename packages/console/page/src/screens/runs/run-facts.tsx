import type { Run, RunExplanation } from '../../api/types';
import { Time } from '../../parts/time';
import { linkTo } from '../../router';

/** The most of its fire times that are named. */
const MOST_TIMES = 20;

export function RunFacts({ explained, run }: { readonly explained: RunExplanation; readonly run: Run | null }) {
  const { jobId, task, retryOf, retriedAs, scheduledRunTimes } = explained;
  return (
    <section class="panel">
      <h2>About</h2>
      <dl class="facts">
        <dt>Job</dt>
        <dd>{jobId === null ? 'none: it was enqueued' : <a href={linkTo('jobs', jobId)}>{jobId}</a>}</dd>
        <dt>Task</dt>
        <dd>{task}</dd>
        {run && (
          <>
            <dt>Executor</dt>
            <dd>{run.executor}</dd>
          </>
        )}
        <dt>Due</dt>
        <dd>
          {scheduledRunTimes.length === 0 && 'not known'}
          {scheduledRunTimes.slice(0, MOST_TIMES).map((at) => (
            <div key={at}>
              <Time at={at} />
            </div>
          ))}
          {scheduledRunTimes.length > MOST_TIMES && `and ${scheduledRunTimes.length - MOST_TIMES} more`}
        </dd>
        {run?.missed && (
          <>
            <dt>Missed</dt>
            <dd>
              <Time at={run.missed.first} /> to <Time at={run.missed.last} />
            </dd>
          </>
        )}
        {run?.attempt !== undefined && (
          <>
            <dt>Started</dt>
            <dd>
              {run.attempt} {run.attempt === 1 ? 'time' : 'times'}
            </dd>
          </>
        )}
        {run?.retryAt && (
          <>
            <dt>Tried again</dt>
            <dd>
              <Time at={run.retryAt} withDistance />
            </dd>
          </>
        )}
        {run?.settledAt !== undefined && (
          <>
            <dt>Ended</dt>
            <dd>
              <Time at={run.settledAt} withDistance />
            </dd>
          </>
        )}
        {retryOf !== null && (
          <>
            <dt>In place of</dt>
            <dd>
              <a href={linkTo('runs', retryOf)}>{retryOf}</a>, which failed
            </dd>
          </>
        )}
        {retriedAs !== null && (
          <>
            <dt>Run again as</dt>
            <dd>
              <a href={linkTo('runs', retriedAs)}>{retriedAs}</a>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
