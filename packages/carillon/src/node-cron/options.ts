import { InvalidOptionsError } from '@carillon/core';
import { checkNames, shown } from '@carillon/core/internal';
import { localZone } from './local-time.js';
import type { Logger } from './logger.js';

/** Decides which process runs a fire. It is called only if schedules are in memory: on Redis, the cluster decides. */
export interface RunCoordinator {
  shouldRun(key: string, ttlMs: number): boolean | Promise<boolean>;
  onComplete?(key: string): void | Promise<void>;
}

export interface TaskOptions {
  /** An IANA zone; default: that of the process. */
  readonly timezone?: string | undefined;
  /** The job's id in the cluster; default: an id from the pattern and the text of the function. */
  readonly name?: string | undefined;
  /** Skips a fire while the one before still runs, in the whole cluster. */
  readonly noOverlap?: boolean | undefined;
  /** `false` makes each process run each fire, also on Redis. */
  readonly distributed?: boolean | undefined;
  readonly runCoordinator?: RunCoordinator | undefined;
  /** The `ttlMs` that a coordinator gets, ms; default: 30,000. */
  readonly distributedLease?: number | undefined;
  /** Ends after this number of executions, in the whole cluster; up to 100,000. */
  readonly maxExecutions?: number | undefined;
  /** Delays each fire by up to this number of ms. The delay is the same in each process, and always ends before the next fire. */
  readonly maxRandomDelay?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly suppressMissedWarning?: boolean | undefined;
  /** How late a fire may start, ms; default: 60,000. `Infinity` means without a limit. */
  readonly missedExecutionTolerance?: number | undefined;
  /** How long `execute()` waits for a background task, ms. */
  readonly executeTimeout?: number | undefined;
  /** How long a background task may take to load, ms; default: 5,000. */
  readonly startTimeout?: number | undefined;
  /** Whether the schedule lets the process end. On Redis, the connection keeps it alive until `shutdown()`. */
  readonly unref?: boolean | undefined;
}

const NAMES = [
  ...['timezone', 'name', 'noOverlap', 'distributed', 'runCoordinator', 'distributedLease', 'maxExecutions'],
  ...['maxRandomDelay', 'logger', 'suppressMissedWarning', 'missedExecutionTolerance', 'executeTimeout'],
  ...['startTimeout', 'unref', 'scheduled', 'recoverMissedExecutions', 'runOnInit'],
];
const MAX_EXECUTIONS = 100_000;
const MAX_DELAY_MS = 366 * 86_400_000;
const TOLERANCE_MS = 60_000;

/** Checked options. */
export interface CheckedOptions extends Omit<TaskOptions, 'missedExecutionTolerance'> {
  readonly timezone: string;
  readonly maxRandomDelay: number;
  /** null means no limit. */
  readonly missedExecutionTolerance: number | null;
}

/** @throws InvalidOptionsError */
export function checkOptions(given: TaskOptions = {}): CheckedOptions {
  checkNames(given, NAMES, 'node-cron');
  const { distributed, name, maxExecutions, maxRandomDelay, missedExecutionTolerance } = given;
  if (distributed && !name) {
    throw new InvalidOptionsError('node-cron: distributed needs a name: give one, the same in each process');
  }
  within('maxExecutions', maxExecutions, MAX_EXECUTIONS);
  within('maxRandomDelay', maxRandomDelay, MAX_DELAY_MS);
  within('missedExecutionTolerance', missedExecutionTolerance, Number.POSITIVE_INFINITY);
  const toleranceMs = missedExecutionTolerance ?? TOLERANCE_MS;
  return {
    ...given,
    timezone: given.timezone ?? localZone(),
    maxRandomDelay: Math.floor(maxRandomDelay ?? 0),
    missedExecutionTolerance: toleranceMs === Number.POSITIVE_INFINITY ? null : toleranceMs,
  };
}

function within(name: string, value: number | undefined, max: number): void {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= max)) return;
  throw new InvalidOptionsError(`node-cron: ${name}: ${shown(value)} is not a number from 0 to ${max}`);
}
