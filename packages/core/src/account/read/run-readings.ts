import type { JobRecords, RunReading } from '../../ports/job-records.js';

/** How many runs are read at once. Redis does nothing else in this time. */
const AT_ONCE = 100;

/** Reads runs for the explanations of one call, each run once. */
export class RunReadings {
  readonly #records: Pick<JobRecords, 'runs'>;
  readonly #known = new Map<string, RunReading>();

  constructor(records: Pick<JobRecords, 'runs'>) {
    this.#records = records;
  }

  /** Returns readings in the order of the given ids. */
  async of(runIds: readonly string[]): Promise<readonly RunReading[]> {
    const unread = [...new Set(runIds)].filter((runId) => !this.#known.has(runId));
    for (let from = 0; from < unread.length; from += AT_ONCE) {
      const some = unread.slice(from, from + AT_ONCE);
      const readings = await this.#records.runs(some);
      for (const [place, runId] of some.entries()) {
        const reading = readings[place];
        if (reading) this.#known.set(runId, reading);
      }
    }
    return runIds.flatMap((runId) => this.#known.get(runId) ?? []);
  }
}
