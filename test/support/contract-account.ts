import { type JobAccount, openStretches } from '@carillon/core/internal';
import type { TestedStore } from './contract.js';

/** Elects a leader that raises the format to the one that this release writes, and returns its epoch. */
export async function electAndRaise({ backend, store }: TestedStore): Promise<number> {
  const lock = await backend.election(store.alias, 600_000).acquire();
  if (!lock) throw new Error('the lock is taken');
  const epoch = await store.terms.beginTerm({ lock: lock.value, coordinatorId: 'c' });
  await store.contenders.show({
    ...{ coordinatorId: 'c', aliveMs: 3_000, number: 1, leads: 1 },
    ...{ epoch, born: null, emptied: { type: 'jobstore_emptied', about: { jobStore: 'default' } } },
  });
  await lock.release();
  if (epoch === null) throw new Error('no term began');
  return epoch;
}

/** Returns the account of a job: its entries, then its open stretches of outcomes. */
export async function keptOf({ store }: TestedStore, id: string): Promise<string[]> {
  const { entries, job } = await store.records.account(id);
  return [...entries, ...openOf(job)];
}

function openOf(job: JobAccount['job']): readonly string[] {
  return job && 'last' in job ? openStretches(job.last) : [];
}
