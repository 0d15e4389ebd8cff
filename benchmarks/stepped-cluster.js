import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';

const SECOND = 1_000;
const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger, levels: { values: {} } };

/** A coordinator and a worker in this process with a job store in memory. Each job fires once a second of a clock that is set by hand. */
export class SteppedCluster {
  #clock = new SteppedClock();
  #jobs;
  #members;
  #left = 0;
  #done = () => {};

  /** @param jobs the number of jobs; each has one run a step */
  constructor(jobs, telemetry) {
    this.#jobs = jobs;
    const memory = new MemoryCluster({ clock: this.#clock });
    const common = () => ({ backend: memory.connect(), logger, telemetry });
    const noop = () => {
      if (--this.#left === 0) this.#done();
    };
    this.#members = {
      scheduler: new Scheduler(common()),
      coordinator: new Coordinator(common()),
      worker: new Worker({ ...common(), tasks: { noop }, executors: { default: { concurrency: 100 } } }),
    };
  }

  async start() {
    const { scheduler, coordinator, worker } = this.#members;
    await Promise.all([coordinator.start(), worker.start()]);
    const job = { task: 'noop', trigger: interval({ seconds: 1, startAt: new Date(this.#clock.now() + SECOND) }) };
    await scheduler.addJobs(Array.from({ length: this.#jobs }, (_, n) => ({ id: `job ${n}`, ...job })));
  }

  /** Lets a second pass, in which each job has one run. Returns the processor time of a run, µs. */
  async step() {
    this.#left = this.#jobs;
    const ended = new Promise((resolve) => {
      this.#done = resolve;
    });
    const before = process.cpuUsage();
    await this.#clock.pass(SECOND);
    await ended;
    // Settles what follows the last run.
    await this.#clock.pass(0);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / this.#jobs;
  }

  async stop() {
    const { scheduler, coordinator, worker } = this.#members;
    let isStopped = false;
    const stopped = Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown())).finally(() => {
      isStopped = true;
    });
    while (!isStopped) await this.#clock.pass(SECOND);
    await stopped;
  }
}

class SteppedClock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #timers = new Set();

  now() {
    return this.#now;
  }

  after(ms, callback) {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  async pass(ms) {
    const until = this.#now + ms;
    for (let next = await this.#next(until); next; next = await this.#next(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }

  /** Returns the next timer, once all work that needs no time is done. */
  async #next(until) {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    const due = [...this.#timers].filter(({ at }) => at <= until);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }
}
