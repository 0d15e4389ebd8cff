import type { Account, Duration, RedisOptions, SchedulerSettings } from '@carillon/core';
import { InvalidOptionsError } from '@carillon/core';
import { checkNames, isInMemory, shown } from '@carillon/core/internal';
import type { WorkerSettings } from '@carillon/worker';

/** What a process does. */
export type Role = 'all' | 'coordinator' | 'worker' | 'producer';

export interface CarillonModuleOptions
  extends SchedulerSettings,
    Pick<WorkerSettings<unknown>, 'executors' | 'unknownTaskTimeout' | 'shutdownTimeout'> {
  /** Where it is left out, jobs are in the memory of this process, and are lost when it ends. `undefined` is refused. */
  readonly redis?: RedisOptions;
  /** Confirms that jobs are to be in memory: nothing is logged about it then. */
  readonly memory?: true | undefined;
  /**
   * `'all'`, or left out: it adds jobs, contends for the leadership, and runs tasks. `'producer'`, `'coordinator'`, `'worker'`: one of these
   * alone, beside other processes. `Scheduler` can be injected in each.
   */
  readonly role?: Role | undefined;
  /** For cron triggers without a zone of their own; where it is left out, the zone of this process, as @nestjs/schedule has it. */
  readonly timezone?: string | undefined;
  /** How long a dead leader keeps the leadership; default: `'3s'`. */
  readonly lease?: Duration | undefined;
  /** See `CoordinatorOptions`. */
  readonly account?: Account | null | undefined;
  /**
   * The name of the application that owns the jobs of its decorators, where several applications share a Redis and a prefix; default:
   * `'app'`.
   */
  readonly application?: string | undefined;
  /**
   * Whether a start removes the jobs that this application declared and that no method declares any more; where it is left out, they are
   * logged.
   */
  readonly removeOrphans?: boolean | undefined;
  /** Whether `@Cron` counts; default: `true`. */
  readonly cronJobs?: boolean | undefined;
  /** Whether `@Interval` counts; default: `true`. */
  readonly intervals?: boolean | undefined;
  /** Whether `@Timeout` counts; default: `true`. */
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
      `CarillonModule: role: ${shown(role)} needs redis: in memory, a process is alone and does all`,
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
