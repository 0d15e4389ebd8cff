import type { Account, Duration, RedisOptions, SchedulerSettings } from '@carillon/core';
import { InvalidOptionsError } from '@carillon/core';
import { checkNames, isInMemory, shown } from '@carillon/core/internal';
import type { WorkerSettings } from '@carillon/worker';

/** The role of a process. */
export type Role = 'all' | 'coordinator' | 'worker' | 'producer';

export interface CarillonModuleOptions
  extends SchedulerSettings,
    Pick<WorkerSettings<unknown>, 'executors' | 'unknownTaskTimeout' | 'shutdownTimeout'> {
  /** The Redis of the cluster. By default, jobs are in the memory of this process, and are lost when it ends. `undefined` is refused. */
  readonly redis?: RedisOptions;
  /** Confirms that jobs are in memory on purpose, so that no warning is logged. */
  readonly memory?: true | undefined;
  /**
   * The role of this process. `'all'` (the default): it adds jobs, contends for the leadership, and runs tasks. `'producer'`,
   * `'coordinator'`, `'worker'`: it does one of these, and other processes do the rest. `Scheduler` can be injected in each role.
   */
  readonly role?: Role | undefined;
  /** The zone of cron triggers that name no zone; default: the zone of this process, as in @nestjs/schedule. */
  readonly timezone?: string | undefined;
  /** How long a dead leader keeps the leadership; default: `'3s'`. */
  readonly lease?: Duration | undefined;
  /** See `CoordinatorOptions`. */
  readonly account?: Account | null | undefined;
  /**
   * The name of the application that owns the jobs of its decorators; default: `'app'`. Applications that share a Redis and a prefix
   * need different names.
   */
  readonly application?: string | undefined;
  /**
   * Whether a start removes the jobs that this application declared before and that no method declares any more; by default, they are
   * only logged.
   */
  readonly removeOrphans?: boolean | undefined;
  /** Whether methods with `@Cron` become jobs; default: `true`. */
  readonly cronJobs?: boolean | undefined;
  /** Whether methods with `@Interval` become jobs; default: `true`. */
  readonly intervals?: boolean | undefined;
  /** Whether methods with `@Timeout` become jobs; default: `true`. */
  readonly timeouts?: boolean | undefined;
}

const ROLES: readonly Role[] = ['all', 'coordinator', 'worker', 'producer'];
const FLAGS = ['removeOrphans', 'cronJobs', 'intervals', 'timeouts'] as const;
const NAMES = [
  ...['redis', 'memory', 'prefix', 'logger', 'telemetry', 'jobStores', 'timezone', 'jobDefaults'],
  ...['executors', 'unknownTaskTimeout', 'shutdownTimeout', 'lease', 'account', 'role', 'application'],
  ...FLAGS,
];

/** @throws InvalidOptionsError */
export function checkModuleOptions(options: CarillonModuleOptions): CarillonModuleOptions {
  checkNames(options, NAMES, 'CarillonModule');
  const { role = 'all', application } = options;
  if (!ROLES.includes(role)) {
    throw new InvalidOptionsError(`CarillonModule: role: ${shown(role)} is not a role: there are ${ROLES.join(', ')}`);
  }
  if (isInMemory(options) && role !== 'all') {
    throw new InvalidOptionsError(
      `CarillonModule: role: ${shown(role)} needs redis: in memory, one process does everything`,
    );
  }
  for (const name of FLAGS) {
    const value: unknown = options[name];
    if (value === undefined || typeof value === 'boolean') continue;
    throw new InvalidOptionsError(`CarillonModule: ${name}: ${shown(value)} must be true or false`);
  }
  if (application !== undefined) checkApplication(application);
  return options;
}

function checkApplication(application: unknown): void {
  if (typeof application === 'string' && /^[\w.-]{1,50}$/.test(application)) return;
  throw new InvalidOptionsError(
    `CarillonModule: application: ${shown(application)} is not a name: give 1 to 50 letters, digits, ".", "_" or "-"`,
  );
}
