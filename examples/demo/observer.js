/**
 * What one event said of one or more fire times, for the reader.
 * @typedef {{ jobId: string, kind: 'ran' | 'failed' | 'skipped' | 'missed', count: number, coalesced: number, worker?: string }} Outcome
 */

const TYPES = [
  'leader_elected',
  'job_submitted',
  'job_started',
  'job_executed',
  'job_error',
  'job_max_instances',
  'job_missed',
];

/** Listens to the cluster, and keeps what its events reported. Any process can: events are messages on Redis. */
export class Observer {
  /** Fire times that by design did not run. @type {import('./tally.js').NotRun[]} */
  notRun = [];
  /** @type {{ coordinatorId: string, epoch: number, heardAt: number }[]} */
  elections = [];
  /** How many events were published and not received. */
  lost = 0;
  #report;
  #countOf;
  #runs = new Map();
  #seqs = new Map();
  #waiting = new Set();

  /**
   * @param {object} given
   * @param {(outcome: Outcome) => void} given.report
   * @param {(jobId: string, first: number, last: number) => number} given.countOf how many fire times a range has
   */
  constructor({ report, countOf }) {
    this.#report = report;
    this.#countOf = countOf;
  }

  /** @param {import('carillon').Scheduler} scheduler */
  async listen(scheduler) {
    await scheduler.addListener((event) => this.#hear(event), TYPES);
  }

  get lastElection() {
    return this.elections.at(-1);
  }

  /** Whether each run that a worker began has its outcome. */
  get isIdle() {
    return [...this.#runs.values()].every(({ worker }) => worker === undefined);
  }

  /** Returns whether something is true, looked at after each event, before the limit. */
  until(isSo, limitMs) {
    return new Promise((resolve) => {
      const end = (answer) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(answer);
      };
      const look = () => isSo() && end(true);
      const timer = setTimeout(() => end(isSo()), limitMs);
      this.#waiting.add(look);
      look();
    });
  }

  #hear(event) {
    this.lost += event.seq - (this.#seqs.get(event.type) ?? event.seq - 1) - 1;
    this.#seqs.set(event.type, event.seq);
    this[event.type](event);
    for (const look of [...this.#waiting]) look();
  }

  leader_elected({ coordinatorId, epoch }) {
    this.elections.push({ coordinatorId, epoch, heardAt: Date.now() });
  }

  job_submitted({ jobId, runId, scheduledRunTimes, coalesced }) {
    const older = coalesced ? this.#keep(jobId, 'coalesced', coalesced) : 0;
    this.#runs.set(runId, { owed: new Set(scheduledRunTimes.map(Number)), coalesced: older });
  }

  job_started({ runId, workerId }) {
    const run = this.#runs.get(runId);
    if (run) run.worker = workerId;
  }

  job_executed(event) {
    this.#settle(event, 'ran');
  }

  job_error(event) {
    this.#settle(event, 'failed');
  }

  job_max_instances({ jobId, scheduledRunTimes, coalesced }) {
    let count = coalesced ? this.#keep(jobId, 'coalesced', coalesced) : 0;
    for (const at of scheduledRunTimes) count += this.#keep(jobId, 'skipped', { first: at, last: at });
    this.#report({ jobId, kind: 'skipped', count, coalesced: 0 });
  }

  job_missed({ jobId, runId, first, last }) {
    const count = this.#keep(jobId, 'missed', { first, last });
    const run = this.#runs.get(runId);
    if (run) this.#fulfil(runId, run, (at) => at >= Number(first) && at <= Number(last));
    this.#report({ jobId, kind: 'missed', count, coalesced: 0 });
  }

  #settle({ jobId, runId, scheduledRunTime }, kind) {
    const run = this.#runs.get(runId);
    this.#report({ jobId, kind, count: 1, coalesced: run?.coalesced ?? 0, worker: run?.worker });
    if (run) this.#fulfil(runId, run, (at) => at === Number(scheduledRunTime));
  }

  #fulfil(runId, { owed }, isMeant) {
    for (const at of [...owed]) if (isMeant(at)) owed.delete(at);
    if (owed.size === 0) this.#runs.delete(runId);
  }

  #keep(jobId, outcome, range) {
    const [first, last] = [Number(range.first), Number(range.last)];
    this.notRun.push({ jobId, outcome, first, last });
    return this.#countOf(jobId, first, last);
  }
}
