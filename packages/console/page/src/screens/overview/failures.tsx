import type { Run } from '../../api/types';
import { Empty } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { linkTo } from '../../router';

/** The newest failures, each with its job. */
export function Failures({ of: runs }: { readonly of: readonly Run[] }) {
  return (
    <section class="panel" aria-labelledby="failures">
      <h2 id="failures">Latest failures</h2>
      {runs.length === 0 ? (
        <Empty title="None">No failure is kept.</Empty>
      ) : (
        <Table
          name="Latest failures"
          rows={runs}
          keyOf={({ runId }) => runId}
          columns={[
            {
              id: 'job',
              head: 'Job',
              cell: ({ jobId, task }) =>
                jobId === null ? (
                  task
                ) : (
                  <a data-row class="break" href={linkTo('jobs', jobId)}>
                    {jobId}
                  </a>
                ),
            },
            {
              id: 'at',
              head: 'When',
              cell: ({ settledAt }) => settledAt && <Time at={settledAt} withDistance isBrief />,
            },
            { id: 'error', head: 'Error', cell: (run) => <span class="break">{errorOf(run)}</span> },
          ]}
        />
      )}
    </section>
  );
}

function errorOf({ executions }: Run): string {
  const error = executions.findLast((execution) => execution.error)?.error;
  return error ? `${error.name}: ${error.message}` : '';
}
