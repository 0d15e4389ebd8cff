import type { InspectedWorker } from '@carillon/core';
import type { Command } from 'commander';
import { withReader } from '../existing-store.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { table } from '../table.js';

const EXAMPLES = `
Lists workers with their executors, slots and tasks. The leader declares a worker lost that is silent for twice its lease. A task with a * publishes a contract of its arguments, which --json has as JSON Schema. UNSERVED has the executors that a worker does not serve at the moment; --json says why.

Examples:
  $ carillon workers
  $ carillon workers --json | jq -r .workerId`;

export function addWorkers(command: Command, io: Io): void {
  withPlace(command)
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((options: PlaceOptions & { readonly json?: boolean }) =>
      withReader(io, options, async ({ scheduler, choice }) => {
        const { workers, now } = await scheduler.inspect(choice);
        if (options.json) for (const worker of workers) io.sayJson(worker);
        else io.say(asTable(workers, now));
      }),
    );
}

function asTable(workers: readonly InspectedWorker[], now: Date): string {
  const rows = workers.map(({ workerId, lastSeen, executors, tasks, contracts, unserved }) => [
    workerId,
    `${((now.getTime() - lastSeen.getTime()) / 1_000).toFixed(1)} s ago`,
    executors
      .map(({ alias, concurrency, kind }) => `${alias}:${concurrency}${kind === 'async' ? '' : `:${kind}`}`)
      .join(','),
    tasks.map((task) => (Object.hasOwn(contracts, task) ? `${task}*` : task)).join(','),
    unserved.map(({ executor }) => executor).join(',') || '-',
  ]);
  return table(['WORKER', 'HEARD OF', 'EXECUTORS', 'TASKS', 'UNSERVED'], rows);
}
