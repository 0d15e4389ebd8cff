import { InvalidOptionsError } from '@carillon/core';
import { checkNames, shown } from '@carillon/core/internal';
import { localZone } from './local-time.js';
import type { Logger } from './logger.js';

/** Says which process runs a fire. Asked only where schedules are in memory: on Redis the cluster decides. */
export interface RunCoordinator {
  shouldRun(key: string, ttlMs: number): boolean | Promise<boolean>;
  onComplete?(key: string): void | Promise<void>;
}

export interface TaskOptions {
  /** An IANA zone; default: that of the process. */
  readonly timezone?: string | undefined;
  /** The job's id in the cluster. Left out: it is made from the pattern and the text of the function. */
  readonly name?: string | undefined;
  /** Skips a fire while the one before still runs, in the whole cluster. */
  readonly noOverlap?: boolean | undefined;
  /** `false`: each process runs each fire, also where there is Redis. */
  readonly distributed?: boolean | undefined;
  readonly runCoordinator?: RunCoordinator | undefined;
  /** What a coordinator is given as `ttlMs`, ms; 30,000 where it is left out. */
  readonly distributedLease?: number | undefined;
  /** Ends after this number of executions, in the whole cluster; up to 100,000. */
  readonly maxExecutions?: number | undefined;
  /** Delays each fire by up to this number of ms: the same delay in each process, and never up to the next fire. */
  readonly maxRandomDelay?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly suppressMissedWarning?: boolean | undefined;
  /** How late a fire may start, ms; 60,000 where it is left out. `Infinity`: as late as it gets. */
  readonly missedExecutionTolerance?: number | undefined;
  /** How long `execute()` waits for a background task, ms. */
  readonly executeTimeout?: number | undefined;
  /** How long a background task may take to load, ms; 5,000 where it is left out. */
  readonly startTimeout?: number | undefined;
  /** Does not keep the process alive. On Redis, the connection does, until `shutdown()`. */
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

/** Options as the schedule works with them. */
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
