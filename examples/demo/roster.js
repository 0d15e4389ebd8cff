import { expectedFires } from './expected.js';

/** The jobs of the demo, and when each was added and removed. Reckons apart from Carillon what is to be seen of them. */
export class Roster {
  /** @type {Map<string, { job: import('./jobs.js').DemoJob, added: Moment, removed?: Moment }>} */
  #entries = new Map();

  /**
   * @param {import('./jobs.js').DemoJob} job
   * @param {Moment} added
   * @typedef {import('./expected.js').Moment} Moment
   */
  add(job, added) {
    this.#entries.set(job.id, { job, added });
  }

  /** @param {Moment} moment */
  remove(jobId, moment) {
    this.#entries.get(jobId).removed = moment;
  }

  expected() {
    return [...this.#entries.values()].map(({ job, added, removed }) => expectedFires(job, added, removed));
  }

  /** How many fire times a range has. */
  countOf(jobId, first, last) {
    const fireTimes = this.#entries.get(jobId)?.job.fireTimes ?? [];
    return fireTimes.filter((at) => at >= first && at <= last).length;
  }
}
