import type { JobSpec, UntypedTasks } from '@carillon/core';

/** What an import says about an entry that it carries over. `lost`: it has no place here. `changed`: it means something else here. */
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
  /** When the other scheduler fires it next, where it stores that. */
  readonly theirNext?: Date;
}

/** An entry that has no form here. */
export interface NotCarried {
  readonly from: string;
  readonly why: string;
}

export type Entry = Carried | NotCarried;

export const isCarried = (entry: Entry): entry is Carried => 'spec' in entry;

export const lost = (text: string): Note => ({ kind: 'lost', text });
export const changed = (text: string): Note => ({ kind: 'changed', text });

/** What a person chose for all that is imported. */
export interface Choices {
  /** The task of an entry, by the name that it has there. */
  task(name: string): string;
  /** The executor of an entry, by the queue that it was in. */
  executor(queue: string): string | undefined;
  /** The clock of schedules that name none. */
  readonly timezone: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly paused: boolean;
}

/** The members of a spec that are chosen for all jobs alike. */
export function commonOf({ tags, paused }: Choices): Pick<NamedSpec, 'tags' | 'nextRunTime'> {
  return { ...(tags && { tags }), ...(paused && { nextRunTime: null }) };
}
