import type { JobSpec, UntypedTasks } from '@carillon/core';

/**
 * A note of an import about an entry that it carries over. `lost`: Carillon has no equivalent. `changed`: it has another meaning in
 * Carillon.
 */
export interface Note {
  readonly kind: 'lost' | 'changed';
  readonly text: string;
}

/** A spec that names its job: importing it twice is importing it once. */
export type NamedSpec = JobSpec<UntypedTasks> & { readonly id: string };

/** An entry of another scheduler that becomes a job. */
export interface Carried {
  /** Where it was read, for people. */
  readonly from: string;
  readonly spec: NamedSpec;
  readonly notes: readonly Note[];
  /** When the other scheduler fires it next, if it stores that. */
  readonly theirNext?: Date;
}

/** An entry that cannot be a job in Carillon. */
export interface NotCarried {
  readonly from: string;
  readonly why: string;
}

export type Entry = Carried | NotCarried;

export const isCarried = (entry: Entry): entry is Carried => 'spec' in entry;

export const lost = (text: string): Note => ({ kind: 'lost', text });
export const changed = (text: string): Note => ({ kind: 'changed', text });

/** The choices of the user for all imported jobs. */
export interface Choices {
  /** Returns the task of an entry, by its name in the other scheduler. */
  task(name: string): string;
  /** Returns the executor of an entry, by its queue in the other scheduler. */
  executor(queue: string): string | undefined;
  /** The zone of schedules that name none. */
  readonly timezone: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly paused: boolean;
}

/** The members of a spec that are chosen for all jobs alike. */
export function commonOf({ tags, paused }: Choices): Pick<NamedSpec, 'tags' | 'nextRunTime'> {
  return { ...(tags && { tags }), ...(paused && { nextRunTime: null }) };
}
