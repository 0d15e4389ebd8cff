import type { JobStore, Measure, Worker } from '../../api/types';
import { Empty } from '../../parts/states';
import { Table } from '../../parts/table';
import { Distance, Time } from '../../parts/time';

interface ExecutorRow {
  readonly executor: string;
  readonly workers: number;
  readonly slots: number;
  readonly taken: number;
  readonly waiting: number;
  readonly oldest: string | null;
}

/** Executors that have deliveries, and those that workers serve. */
export function Executors({ measure, inspected }: { readonly measure: Measure; readonly inspected: JobStore }) {
  const rows = rowsOf(measure, inspected.workers);
  return (
    <section class="panel" aria-labelledby="executors">
      <h2 id="executors">Executors</h2>
      {rows.length === 0 ? (
        <Empty title="No executor is served">Start a worker: nothing runs without one.</Empty>
      ) : (
        <Table
          name="Executors"
          rows={rows}
          keyOf={({ executor }) => executor}
          columns={[
            { id: 'executor', head: 'Executor', cell: ({ executor }) => executor },
            { id: 'workers', head: 'Workers', class: 'end number wide', cell: ({ workers }) => workers },
            {
              id: 'slots',
              head: 'Slots taken',
              class: 'end number',
              cell: ({ taken, slots }) => `${taken} of ${slots}`,
            },
            { id: 'waiting', head: 'Deliveries waiting', class: 'end number', cell: ({ waiting }) => waiting },
            {
              id: 'oldest',
              head: 'Oldest queued',
              cell: ({ oldest }) =>
                oldest === null ? <span class="muted">none waits</span> : <Time at={oldest} withDistance isBrief />,
            },
          ]}
        />
      )}
    </section>
  );
}

function rowsOf({ executors }: Measure, workers: readonly Worker[]): readonly ExecutorRow[] {
  const rows = new Map<string, ExecutorRow>();
  const known = (executor: string): ExecutorRow =>
    rows.get(executor) ?? { executor, workers: 0, slots: 0, taken: 0, waiting: 0, oldest: null };
  for (const { executor, taken, waiting, oldest } of executors) {
    rows.set(executor, { ...known(executor), taken, waiting, oldest });
  }
  for (const worker of workers) {
    for (const { alias, concurrency } of worker.executors) {
      const row = known(alias);
      rows.set(alias, { ...row, workers: row.workers + 1, slots: row.slots + concurrency });
    }
  }
  return [...rows.values()].sort((one, other) => (one.executor < other.executor ? -1 : 1));
}

export function Workers({ inspected: { workers } }: { readonly inspected: JobStore }) {
  return (
    <section class="panel" aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      {workers.length === 0 ? (
        <Empty title="No worker">
          Start one: <code>carillon worker</code>, or <code>new Worker</code> in a program.
        </Empty>
      ) : (
        <Table
          name="Workers"
          rows={workers}
          keyOf={({ workerId }) => workerId}
          columns={[
            { id: 'id', head: 'Worker', cell: ({ workerId }) => <code class="break">{workerId}</code> },
            { id: 'seen', head: 'Seen', cell: ({ lastSeen }) => <Distance at={lastSeen} /> },
            {
              id: 'serves',
              head: 'Serves',
              cell: ({ executors }) =>
                executors.map(({ alias, concurrency }) => `${alias} (${concurrency})`).join(', '),
            },
            {
              id: 'not',
              head: 'Does not serve',
              class: 'wide',
              cell: ({ unserved }) => unserved.map(({ executor, why }) => `${executor}: ${why}`).join('; '),
            },
          ]}
        />
      )}
    </section>
  );
}
