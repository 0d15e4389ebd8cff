import { ConflictingIdError, InvalidJobError } from '../errors.js';
import type { SpecWithId } from '../job/adding.js';
import { checkSpec } from '../job/checks.js';
import type { Defaults } from '../job/fill.js';
import type { Chance } from '../ports/chance.js';
import type { ProducedCall } from '../telemetry/telemetry.js';
import { checkTrigger } from '../trigger/index.js';
import { calledJob } from './called-job.js';
import type { Adding } from './changing.js';
import type { JobClient } from './job-client.js';
import type { JobState } from './job-state.js';
import { requireTasks } from './require-task.js';

export interface AddJobsParts extends Adding {
  /** @throws UnknownJobStoreError */
  readonly clientOf: (jobStore: string | undefined) => JobClient;
  readonly chance: Chance;
  readonly defaults: Defaults;
}

/** Adds jobs, which may be of several job stores. Every spec is checked before anything is written. */
export async function addJobs(specs: readonly unknown[], parts: AddJobsParts): Promise<readonly JobState[]> {
  if (!Array.isArray(specs)) throw new InvalidJobError('addJobs: give an array of job specs');
  const checked: SpecWithId[] = [];
  for (const spec of specs) checked.push(check(spec, parts));
  refuseDoubles(checked);
  const ofStores = byStore(checked);
  for (const [alias, ofStore] of ofStores) {
    const client = parts.clientOf(alias);
    if (ofStore.some(({ spec }) => spec.requireTask)) await requireAll(ofStore, client, parts.defaults);
    const checking = checkArguments(ofStore, client, parts.defaults);
    if (checking) await checking;
  }
  const states = new Map<SpecWithId, JobState>();
  for (const [alias, ofStore] of ofStores) {
    const added = await parts.clientOf(alias).add(ofStore, parts.defaults, parts);
    if (ofStores.size === 1) return added;
    for (const [index, one] of ofStore.entries()) states.set(one, added[index] as JobState);
  }
  return checked.map((one) => states.get(one) as JobState);
}

function byStore(specs: readonly SpecWithId[]): ReadonlyMap<string, readonly SpecWithId[]> {
  const groups = new Map<string, SpecWithId[]>();
  for (const one of specs) {
    const group = groups.get(storeOf(one));
    if (group) group.push(one);
    else groups.set(storeOf(one), [one]);
  }
  return groups;
}

/** What telemetry gets of a call: of the first job, where they are of one store. What is wrong with specs is reported later. */
export function addingCall(specs: readonly unknown[]): ProducedCall {
  const list: readonly unknown[] = Array.isArray(specs) ? specs : [];
  const [first = null] = list;
  const member = (name: string): string | null => {
    const value: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, name) : null;
    return typeof value === 'string' ? value : null;
  };
  const isOne = list.length === 1;
  return {
    operation: 'addJob',
    jobStore: member('jobStore') ?? 'default',
    task: isOne ? member('task') : null,
    jobId: isOne ? member('id') : null,
    executor: isOne ? member('executor') : null,
    count: list.length,
  };
}

function check(given: unknown, { clientOf, chance, defaults }: AddJobsParts): SpecWithId {
  const spec = checkSpec(given);
  const id = spec.id ?? chance.id();
  clientOf(spec.jobStore);
  if (spec.trigger !== undefined) checkTrigger(spec.trigger, { jobId: id, timezone: defaults.timezone });
  return { id, spec };
}

/** @throws UnknownTaskError */
async function requireAll(specs: readonly SpecWithId[], { store }: JobClient, { policy }: Defaults): Promise<void> {
  const required = specs.filter(({ spec }) => spec.requireTask);
  const places = required.map(({ spec: { task, executor } }) => ({
    task,
    executor: executor ?? policy.executor ?? 'default',
  }));
  await requireTasks(store.records, places);
}

/** undefined if they are right. @throws InvalidArgumentsError */
function checkArguments(
  specs: readonly SpecWithId[],
  { contracts }: JobClient,
  { policy }: Defaults,
): Promise<void> | undefined {
  return contracts.check((known) => {
    for (const { id, spec } of specs) {
      const { task, args = [], kwargs, executor = policy.executor ?? 'default' } = spec;
      known.check({ task, executor, args, kwargs }, spec.id === undefined ? undefined : () => calledJob(id, task));
    }
  });
}

/** @throws ConflictingIdError if an id comes twice in one job store. */
function refuseDoubles(specs: readonly SpecWithId[]): void {
  if (specs.length === 1) return;
  const seen = new Set<string>();
  for (const one of specs) {
    const key = `${storeOf(one)} ${one.id}`;
    if (seen.has(key)) throw new ConflictingIdError(one.id, storeOf(one));
    seen.add(key);
  }
}

function storeOf({ spec }: SpecWithId): string {
  return spec.jobStore ?? 'default';
}
