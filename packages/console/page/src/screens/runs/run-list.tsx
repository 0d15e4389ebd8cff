import type { Run } from '../../api/types';
import { shortJson } from '../../parts/json';
import { Outcome } from '../../parts/outcome';
import { Empty, Shown } from '../../parts/states';
import { type Column, VirtualTable } from '../../parts/table';
import { Distance, Time } from '../../parts/time';
import { linkTo, route } from '../../router';
import { RunFilters } from './run-filters';
import { statesOf } from './states';
import { useRuns } from './use-runs';

const COLUMNS: readonly Column<Run>[] = [
  { id: 'state', head: 'State', class: 'col-state', cell: (run) => <State run={run} /> },
  {
    id: 'what',
    head: 'Job or task',
    cell: ({ runId, jobId, task }) => (
      <div class="clip">
        <a data-row href={linkTo('runs', runId)}>
          {jobId ?? task}
        </a>
        <div class="small muted clip">{jobId === null ? 'enqueued without a job' : task}</div>
      </div>
    ),
  },
  { id: 'due', head: 'Due', class: 'wide col-time', cell: (run) => <Due run={run} /> },
  {
    id: 'ended',
    head: 'Ended',
    class: 'wide col-time',
    cell: ({ settledAt }) => (settledAt === undefined ? <span class="muted">not yet</span> : <Time at={settledAt} />),
  },
  {
    id: 'more',
    head: 'Last known',
    class: 'wide',
    cell: (run) => <div class="clip small">{lastKnown(run)}</div>,
  },
];

export function RunList({ store }: { readonly store: string }) {
  const { query } = route.value;
  const given = (name: string) => query.get(name) ?? '';
  const filter = {
    state: statesOf(given('state')),
    job: given('job'),
    task: given('task'),
    executor: given('executor'),
  };
  const { more, ...runs } = useRuns(store, filter);
  return (
    <>
      <div class="screen-head">
        <h1>Runs</h1>
        <span class="small muted">Live, then ended, newest first</span>
      </div>
      <RunFilters state={given('state')} {...{ job: filter.job, task: filter.task, executor: filter.executor }} />
      <Shown of={runs} what="runs">
        {({ runs: rows }) =>
          rows.length === 0 ? (
            <Empty title="No runs">
              None is owed, and of those that have ended the log has none that these filters let through. Take a filter
              away, or run a job: its runs are here at once.
            </Empty>
          ) : (
            <VirtualTable name="Runs" columns={COLUMNS} rows={rows} keyOf={({ runId }) => runId} onEnd={more} />
          )
        }
      </Shown>
    </>
  );
}

/** On a phone there is no room for its times: then how long ago it ended, or was due. */
function State({ run: { state, settledAt, scheduledRunTimes } }: { readonly run: Run }) {
  const at = settledAt ?? scheduledRunTimes[0];
  return (
    <>
      <Outcome of={state} />
      {at !== undefined && (
        <div class="narrow small muted">
          <Distance at={at} />
        </div>
      )}
    </>
  );
}

function Due({ run: { scheduledRunTimes } }: { readonly run: Run }) {
  const [first] = scheduledRunTimes;
  if (first === undefined) return <span class="muted">not known</span>;
  const others = scheduledRunTimes.length - 1;
  return (
    <>
      <Time at={first} />
      {others > 0 && <div class="small muted">and {others} more</div>}
    </>
  );
}

/** Its progress while it runs; then its error or value. */
function lastKnown({ progress, executions, state, attempt = 0 }: Run): string {
  const last = executions.at(-1);
  if (last?.error) return `${last.error.name}: ${last.error.message}`;
  if (state === 'executed') return last?.value === undefined || last.value === null ? '' : shortJson(last.value);
  if (progress !== undefined && progress !== null) return `progress ${shortJson(progress)}`;
  return attempt > 1 ? `attempt ${attempt}` : '';
}
