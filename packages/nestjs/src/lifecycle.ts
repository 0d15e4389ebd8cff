import type { Coordinator } from '@carillon/coordinator';
import type { Scheduler, TaskFunction } from '@carillon/core';
import type { Worker } from '@carillon/worker';
import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { declareJobs } from './declare-jobs.js';
import type { CarillonHealth } from './health.js';
import { type DeclaredJob, jobsOf, tasksOf } from './jobs.js';
import { type Method, methodsOf, type Sources } from './methods.js';
import type { CarillonModuleOptions } from './options.js';
import type { Place } from './place.js';

/** How many runs of a job may overlap by default: @nestjs/schedule has no limit. */
const OVERLAPPING = 1_000;

/** Starts the parts of a process once the application is ready, and ends them before the application ends. */
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #place: Place;
  readonly #scheduler: Scheduler;
  readonly #sources: Sources;
  readonly #logger = new Logger('Carillon');
  #coordinator: Coordinator | undefined;
  #worker: Worker<Readonly<Record<string, TaskFunction>>> | undefined;

  constructor(place: Place, scheduler: Scheduler, sources: Sources) {
    this.#place = place;
    this.#scheduler = scheduler;
    this.#sources = sources;
  }

  health(): CarillonHealth {
    return { coordinator: this.#coordinator?.health() ?? null, worker: this.#worker?.health() ?? null };
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      // Nest does not end an application whose start has failed.
      await this.beforeApplicationShutdown();
      await this.onApplicationShutdown();
      throw error;
    }
  }

  /** Lets the runs of this process finish for up to `shutdownTimeout`; requests may still use the scheduler. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#worker?.shutdown();
    await this.#coordinator?.shutdown();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#scheduler.shutdown();
    this.#place.stop();
  }

  async #start(): Promise<void> {
    const { options } = this.#place;
    const { role = 'all', jobDefaults } = options;
    const now = Date.now();
    const methods = methodsOf(this.#sources, (name) => {
      this.#logger.warn(`${name} is in several modules: the first one is used for its task`);
    });
    const { maxInstances = OVERLAPPING } = jobDefaults ?? {};
    const jobs = jobsOf(methods, { now, maxInstances }).filter((job) => counts(job, options));
    const tasks = tasksOf(methods.map((method) => this.#logged(method)));
    if (role === 'all' || role === 'coordinator') this.#coordinator = this.#place.coordinator();
    if (role === 'all' || role === 'worker') this.#worker = this.#workerOf(tasks);
    this.#place.start();
    if (this.#place.isInMemory && !options.memory) {
      this.#logger.log('Jobs are in memory, and are lost when this process ends: give redis to keep and share them');
    }
    await this.#scheduler.start();
    await this.#declare(jobs, now);
    await Promise.all([this.#coordinator?.start(), this.#worker?.start()]);
  }

  #workerOf(tasks: Readonly<Record<string, TaskFunction>>) {
    if (Object.keys(tasks).length > 0) return this.#place.worker(tasks);
    this.#logger.warn('No provider has a method with @Task, @Cron, @Interval or @Timeout: this process runs nothing');
    return undefined;
  }

  async #declare(jobs: readonly DeclaredJob[], now: number): Promise<void> {
    const { application = 'app', removeOrphans = false, timezone } = this.#place.options;
    const [jobStore = 'default'] = this.#scheduler.jobStores;
    const declaring = { tag: `nest:${application}`, timezone, removeOrphans, jobStore, now };
    const orphans = await declareJobs(this.#scheduler, jobs, declaring);
    if (orphans.length === 0) return;
    const named = orphans.join(', ');
    if (removeOrphans) this.#logger.log(`Removed jobs that no method declares any more: ${named}`);
    else this.#logger.warn(`No method declares these jobs any more: ${named}; removeOrphans removes them at start`);
  }

  /** Wraps a method so that the application's logger logs its errors. The run ends as an error anyway. */
  #logged(method: Method): Method {
    const call = async (...args: readonly unknown[]): Promise<unknown> => {
      try {
        return await method.call(...args);
      } catch (error) {
        this.#logger.error(`${method.name} failed`, error instanceof Error ? error.stack : String(error));
        throw error;
      }
    };
    return { ...method, call };
  }
}

function counts({ kind }: DeclaredJob, options: CarillonModuleOptions): boolean {
  const { cronJobs = true, intervals = true, timeouts = true } = options;
  return { cron: cronJobs, interval: intervals, timeout: timeouts }[kind];
}
