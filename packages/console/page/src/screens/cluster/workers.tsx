import type { Worker } from '../../api/types';
import { Schema } from '../../parts/schema';
import { Empty } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import type { ClusterWhole } from './cluster-whole';

export function Workers({ inspected: { workers } }: ClusterWhole) {
  return (
    <section class="panel stack">
      <h2>Workers</h2>
      {workers.length === 0 ? (
        <Empty title="No worker">Runs wait until there is one: start a worker with the tasks of your jobs.</Empty>
      ) : (
        <Table<Worker>
          name="Workers"
          rows={workers}
          keyOf={({ workerId }) => workerId}
          columns={[
            { id: 'id', head: 'Worker', cell: ({ workerId }) => <span class="break">{workerId}</span> },
            { id: 'serves', head: 'Serves', cell: (worker) => <Serves worker={worker} /> },
            {
              id: 'tasks',
              head: 'Tasks',
              class: 'wide',
              cell: (worker) => <Tasks worker={worker} />,
            },
            {
              id: 'seen',
              head: 'Last seen',
              class: 'wide',
              cell: ({ lastSeen }) => <Time at={lastSeen} withDistance />,
            },
          ]}
        />
      )}
    </section>
  );
}

/** Its tasks; of those that check their arguments, what they take. */
function Tasks({ worker: { tasks, contracts } }: { readonly worker: Worker }) {
  const plain = tasks.filter((task) => !Object.hasOwn(contracts, task));
  return (
    <div class="break small">
      {tasks.length === 0 && 'none'}
      {plain.join(', ')}
      {Object.entries(contracts).map(([task, contract]) => (
        <Schema key={task} of={contract} title={`${task}: its arguments`} />
      ))}
    </div>
  );
}

/** Its executors with their slots; and those from which it takes nothing, with the reason. */
function Serves({ worker: { executors, unserved } }: { readonly worker: Worker }) {
  return (
    <>
      {executors.map(({ alias, kind, concurrency }) => (
        <div key={alias} class="break">
          {alias}{' '}
          <span class="muted small">
            {kind}, {concurrency} {concurrency === 1 ? 'slot' : 'slots'}
          </span>
        </div>
      ))}
      {unserved.map(({ executor, why, since }) => (
        <div key={executor} class="break small bad-text">
          takes none of {executor}: {why} (since <Time at={since} />)
        </div>
      ))}
    </>
  );
}
