import type {
  HandBackParams,
  HeartbeatAnswer,
  HeartbeatParams,
  HeldRun,
  JoinParams,
  Ledger,
  Settlement,
  SettleOutcome,
  StartOutcome,
  StartParams,
  TaskSeen,
} from '../ports/ledger.js';
import { handBack } from './store/hand-back.js';
import { heartbeat } from './store/heartbeat.js';
import { join } from './store/join.js';
import { leave } from './store/leave.js';
import { noteTask } from './store/note-task.js';
import { progress } from './store/progress.js';
import { settle } from './store/settle.js';
import { start } from './store/start.js';
import type { StoreState } from './store/state.js';
import type { StoreLine } from './store-line.js';

/** The workers' side of a job store in memory. */
export class MemoryLedger implements Ledger {
  readonly #line: StoreLine;
  readonly #state: StoreState;

  constructor(line: StoreLine, state: StoreState) {
    this.#line = line;
    this.#state = state;
  }

  start(params: StartParams): Promise<readonly StartOutcome[]> {
    return this.#line.ask('start', () => params.runIds.map((runId) => start(this.#state, runId, params)));
  }

  settle(params: {
    readonly op: string;
    readonly settlements: readonly Settlement[];
  }): Promise<readonly SettleOutcome[]> {
    return this.#line.ask('settle', () => settle(this.#state, params));
  }

  heartbeat(params: HeartbeatParams): Promise<HeartbeatAnswer> {
    return this.#line.ask('heartbeat', () => heartbeat(this.#state, this.#line.formats, params));
  }

  progress(reports: readonly (HeldRun & { readonly json: string })[]): Promise<void> {
    return this.#line.ask('progress', () => progress(this.#state, reports));
  }

  handBack({ held, delayMs = 0 }: HandBackParams): Promise<void> {
    return this.#line.ask('handBack', () => handBack(this.#state, held, delayMs));
  }

  join(params: JoinParams): Promise<void> {
    return this.#line.ask('join', () => join(this.#state, this.#line.formats, params));
  }

  noteTask(seen: TaskSeen): Promise<number> {
    return this.#line.ask('noteTask', () => noteTask(this.#state, seen));
  }

  leave(workerId: string): Promise<void> {
    return this.#line.ask('leave', () => leave(this.#state, this.#line.formats, workerId));
  }
}
