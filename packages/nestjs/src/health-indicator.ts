import type { Scheduler } from '@carillon/core';
import { type CarillonHealth, complaintsOf } from './health.js';
import type { Lifecycle } from './lifecycle.js';

/** What @nestjs/terminus takes as the answer of a check; it can be shown without it, too. */
export type CarillonHealthResult<Key extends string = string> = {
  readonly [K in Key]: { readonly status: 'up' | 'down'; readonly message?: string };
};

/** Reports whether this process does its work. */
export class CarillonHealthIndicator {
  readonly #lifecycle: Lifecycle;
  readonly #scheduler: Scheduler;

  /** Nest makes it: inject it. @internal */
  constructor(lifecycle: Lifecycle, scheduler: Scheduler) {
    this.#lifecycle = lifecycle;
    this.#scheduler = scheduler;
  }

  /** What the coordinator and the worker of this process report. */
  health(): CarillonHealth {
    return this.#lifecycle.health();
  }

  /**
   * `up` if all parts of this process run and serve what they are configured to serve (they may fail to for up to 30 s), and the job store
   * answers; it never rejects. Give it to `HealthCheckService.check` of @nestjs/terminus, or return it as it is.
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
