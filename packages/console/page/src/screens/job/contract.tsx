import { call, inStore } from '../../api/client';
import type { Job, Worker } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Schema } from '../../parts/schema';
import { seesWholeStores } from '../../session';

/** What the workers of the job's executor accept as arguments of its task. During a roll-out, they can differ. */
export function Contract({ store, job: { task, executor } }: { readonly store: string; readonly job: Job }) {
  const { data } = useLoad(`${store}\n${executor}\n${task}`, (signal) =>
    seesWholeStores() ? call<Workers>(inStore(store, 'workers'), { signal }) : NOBODY,
  );
  const contracts = contractsOf(data?.workers ?? [], executor, task);
  if (contracts.length === 0) return null;
  return (
    <>
      <h3>What the task takes</h3>
      {contracts.map((contract) => (
        <Schema
          key={contract}
          of={JSON.parse(contract)}
          title={
            contracts.length === 1 ? 'JSON Schema of its arguments' : 'JSON Schema of its arguments, at some workers'
          }
        />
      ))}
    </>
  );
}

interface Workers {
  readonly workers: readonly Worker[];
}

const NOBODY: Promise<Workers> = Promise.resolve({ workers: [] });

/** As JSON, each once. */
function contractsOf(workers: readonly Worker[], executor: string, task: string): readonly string[] {
  const serving = workers.filter(({ executors }) => executors.some(({ alias }) => alias === executor));
  const all = serving.filter(({ contracts }) => Object.hasOwn(contracts, task));
  return [...new Set(all.map(({ contracts }) => JSON.stringify(contracts[task])))];
}
