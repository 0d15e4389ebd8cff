import type { Scheduler } from '@carillon/core';
import { type CarillonHealth, complaintsOf } from './health.js';
import type { Lifecycle } from './lifecycle.js';

/** The result of a check, in the form that @nestjs/terminus expects; it can be used without terminus, too. */
export type CarillonHealthResult<Key extends string = string> = {
  readonly [K in Key]: { readonly status: 'up' | 'down'; readonly message?: string };
};

/** Reports whether this process runs and serves what it is configured to serve. */
export class CarillonHealthIndicator {
  readonly #lifecycle: Lifecycle;
  readonly #scheduler: Scheduler;

  /** Nest creates it: inject it. @internal */
  constructor(lifecycle: Lifecycle, scheduler: Scheduler) {
    this.#lifecycle = lifecycle;
    this.#scheduler = scheduler;
  }

  /** Returns the health of the coordinator and of the worker of this process. */
  health(): CarillonHealth {
    return this.#lifecycle.health();
  }

  /**
   * Reports `up` if all parts of this process run and serve what they are configured to serve (a failure counts after 30 s), and the
   * job store replies; it never rejects. Pass it to `HealthCheckService.check` of @nestjs/terminus, or return its result from a
   * controller.
   */
  async isHealthy<Key extends string = 'carillon'>(key = 'carillon' as Key): Promise<CarillonHealthResult<Key>> {
    const complaints = [...complaintsOf(this.health(), Date.now()), ...(await this.#unreached())];
    const state = complaints.length === 0 ? { status: 'up' } : { status: 'down', message: complaints.join('; ') };
    return { [key]: state } as CarillonHealthResult<Key>;
  }

  async #unreached(): Promise<readonly string[]> {
    try {
      for (const jobStore of this.#scheduler.jobStores) await this.#scheduler.measure({ jobStore });
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  }
}
