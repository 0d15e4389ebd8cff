import type { AlertRecords, HeldAlerts, HoldParams, KeptAlerts } from '../ports/alert-records.js';
import { alerts } from './store/alerts.js';
import { holdAlerts } from './store/hold-alerts.js';
import { keepAlerts } from './store/keep-alerts.js';
import { silenceAlerts } from './store/silence-alerts.js';
import type { StoreState } from './store/state.js';
import type { StoreLine } from './store-line.js';

/** The records that a job store in memory keeps for alerts. */
export class MemoryAlertRecords implements AlertRecords {
  readonly #line: StoreLine;
  readonly #state: StoreState;

  constructor(line: StoreLine, state: StoreState) {
    this.#line = line;
    this.#state = state;
  }

  hold(params: HoldParams): Promise<HeldAlerts> {
    return this.#line.ask('holdAlerts', () => holdAlerts(this.#state, params));
  }

  keep(params: Parameters<AlertRecords['keep']>[0]): Promise<boolean> {
    return this.#line.ask('keepAlerts', () => keepAlerts(this.#state, params));
  }

  read(): Promise<KeptAlerts> {
    return this.#line.ask('alerts', () => alerts(this.#state));
  }

  silence(params: Parameters<AlertRecords['silence']>[0]): Promise<void> {
    return this.#line.ask('silenceAlerts', () => silenceAlerts(this.#state, params));
  }
}
