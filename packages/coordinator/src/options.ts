import type { Account, CommonOptions, Duration, RedisOptions } from '@carillon/core';
import { InvalidOptionsError } from '@carillon/core';
import {
  type AccountLimits,
  asOption,
  type CoordinatorBackend,
  checkAliases,
  checkNames,
  checkPolicy,
  durationInUnit,
  type Instruments,
  instrumentsOf,
  type Report,
  redisBackend,
  reportTo,
  sharedLogger,
  timerMs,
} from '@carillon/core/internal';

export type CoordinatorOptions = CoordinatorSettings &
  (
    | { readonly redis: RedisOptions; readonly backend?: undefined }
    | { readonly backend: CoordinatorBackend; readonly redis?: undefined }
  );

export interface CoordinatorSettings extends CommonOptions {
  /** Aliases of the job stores to contend for; default: `['default']`. */
  readonly jobStores?: readonly string[] | undefined;
  /** How long a dead leader keeps the leadership; default: `'3s'`. */
  readonly lease?: Duration | undefined;
  /**
   * How much of the account its job stores keep for each job without an `account` of its own, and how long for themselves; 1,000 entries
   * and 90 days where it is left out. The leader's value counts: give the same to all coordinators.
   */
  readonly account?: Account | null | undefined;
}

export interface CheckedCoordinatorOptions {
  readonly backend: CoordinatorBackend;
  /** Makes a backend for another Redis. */
  readonly backendAt: (redis: RedisOptions) => CoordinatorBackend;
  readonly report: Report;
  readonly jobStores: readonly string[];
  readonly leaseMs: number;
  /** null: as usual. */
  readonly account: AccountLimits | null;
  readonly instruments: Instruments | undefined;
}

const NAMES = ['redis', 'backend', 'prefix', 'logger', 'telemetry', 'jobStores', 'lease', 'account'];
const MIN_LEASE_MS = 100;

/** @throws InvalidOptionsError */
export function checkCoordinatorOptions(options: CoordinatorOptions): CheckedCoordinatorOptions {
  checkNames(options, NAMES, 'Coordinator');
  const report = reportTo(options.logger ?? sharedLogger());
  const leaseMs = timerMs(options.lease ?? '3s', 'lease');
  if (leaseMs < MIN_LEASE_MS)
    throw new InvalidOptionsError(
      `lease: ${options.lease} is too short: give at least ${durationInUnit(MIN_LEASE_MS)}`,
    );
  const { account = null } = asOption(() => checkPolicy({ account: options.account }, 'Coordinator'));
  const jobStores = checkAliases(options.jobStores);
  const { prefix } = options;
  const commandTimeoutMs = leaseMs / 3;
  const backendAt = (redis: RedisOptions | undefined) =>
    redisBackend({ redis, prefix, report, fail: 'fast', commandTimeoutMs });
  const backend = options.backend ?? backendAt(options.redis);
  const instruments = instrumentsOf(options.telemetry, report);
  return { backend, backendAt, report, jobStores, leaseMs, account, instruments };
}
