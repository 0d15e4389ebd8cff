import { expect, it } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { electAndRaise } from '../support/contract-account.js';
import { adding, at, put } from '../support/contract-records.js';

const PAGE = 500;
const KEPT = 10_000;
const idOf = (index: number) => `job-${String(index).padStart(5, '0')}`;

jobStoreContract('jobs that are gone', (open) => {
  it('are remembered, the newest 10,000, however many go in one call', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    const { terms, records } = contract.store;
    const goneAt: number[] = [];
    for (let first = 0; first < KEPT + 3 * PAGE; first += PAGE) {
      await contract.pass(1);
      const ids = Array.from({ length: PAGE }, (_, index) => idOf(first + index));
      await put(contract, ...ids.map((id) => adding(id, at(START))));
      const page = await records.read(ids);
      const claims = page.jobs.map((job, index) => ({
        ...{ id: ids[index] ?? '', next: null, tombstone: null, deliveryId: null, run: null },
        ...{ expected: { rev: job && 'rev' in job ? (job.rev ?? 0) : 0, dueAt: START } },
        events: { missed: null, removed: { type: 'job_removed', about: { jobStore: 'default' } } },
      }));
      await terms.claim({ epoch, claims });
      goneAt.push(contract.now);
    }
    const gone: string[] = [];
    let cursor: string | null = null;
    let forgotten: number | null = null;
    do {
      const page: Awaited<ReturnType<typeof records.goneJobs>> = await records.goneJobs({ limit: 1_000, cursor });
      gone.push(...page.jobs.map(({ id }) => id));
      ({ cursor, forgotten } = page);
    } while (cursor !== null);
    expect(gone).toEqual(Array.from({ length: KEPT }, (_, index) => idOf(3 * PAGE + index)));
    expect(forgotten).toBe(goneAt[2]);
    expect((await records.account(idOf(0))).entries).toEqual([]);
    expect((await records.account(idOf(3 * PAGE))).entries).toHaveLength(1);
  });
});
