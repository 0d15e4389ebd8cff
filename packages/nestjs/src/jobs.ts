import {
  cron,
  date,
  InvalidOptionsError,
  interval,
  type JobSpec,
  type Trigger,
  type UntypedTasks,
} from '@carillon/core';
import { durationMs, shown } from '@carillon/core/internal';
import { task } from '@carillon/worker';
import type { CronOptions, Declared, Instant, ScheduleOptions, TaskSchema } from './declared.js';
import { doubled } from './errors.js';
import type { Method } from './methods.js';

/** A job that a decorator declares. */
export interface DeclaredJob {
  readonly id: string;
  readonly kind: 'cron' | 'interval' | 'timeout';
  /** `Class.method`. */
  readonly method: string;
  readonly isDisabled: boolean;
  /** How many ms after it is added a job begins to fire; 0 if at once. */
  readonly initialDelayMs: number;
  readonly spec: JobSpec<UntypedTasks> & { readonly id: string; readonly trigger: Trigger };
}

/**
 * The tasks of methods by name.
 * @throws InvalidOptionsError if two have the same name, or a schema is not one
 */
export function tasksOf(methods: readonly Method[]): Readonly<Record<string, Method['call']>> {
  const named = methods.flatMap((method) => namesOf(method).map((name) => [name, method] as const));
  return Object.fromEntries([...byName(named, 'task')].map(([name, method]) => [name, taskOf(name, method)]));
}

/** The function that a task of this name calls. */
function taskOf(name: string, { name: method, declared, call }: Method): Method['call'] {
  const options = declared.flatMap((one) => (one.kind === 'task' && one.name === name ? one.options : undefined))[0];
  if (options === undefined) return call;
  const { args, jsonSchema, ...others } = options as TaskSchema & Readonly<Record<string, unknown>>;
  try {
    return task({ ...others, args, jsonSchema, run: (...given) => call(...given) }) as Method['call'];
  } catch (error) {
    throw new InvalidOptionsError(`@Task ${JSON.stringify(name)} of ${method}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface Common {
  /** When the application started, ms: timeouts count from it. */
  readonly now: number;
  /** The value of jobs that set none. */
  readonly maxInstances: number;
}

/**
 * Returns the jobs that methods declare.
 * @throws InvalidOptionsError if two have the same id, or an option is wrong; InvalidTriggerError
 */
export function jobsOf(methods: readonly Method[], common: Common): readonly DeclaredJob[] {
  const jobs = methods.flatMap((method) =>
    method.declared.flatMap((declared) => (declared.kind === 'task' ? [] : [jobOf(method, declared, common)])),
  );
  byName(
    jobs.map((job) => [job.id, { name: job.method }] as const),
    'job',
  );
  return jobs;
}

/** All names of a task; a method without `@Task` is one by its own. */
function namesOf({ name, declared }: Method): readonly string[] {
  const given = declared.flatMap((one) => (one.kind === 'task' ? [one.name] : []));
  return given.length > 0 ? given : [name];
}

function byName<T extends { readonly name: string }>(
  entries: readonly (readonly [string, T])[],
  what: 'job' | 'task',
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [id, one] of entries) {
    const other = found.get(id);
    if (other) throw doubled(what, id, [...new Set([other.name, one.name])]);
    found.set(id, one);
  }
  return found;
}

function jobOf(method: Method, declared: Exclude<Declared, { kind: 'task' }>, common: Common): DeclaredJob {
  const [task = method.name] = namesOf(method);
  const name = declared.kind === 'cron' ? declared.options.name : declared.name;
  const id = name ?? method.name;
  const options = declared.kind === 'cron' ? policyOfCron(declared.options, id) : declared.options;
  const { isDisabled, initialDelayMs } = startOf(declared, id);
  const { now, maxInstances } = common;
  const spec = { maxInstances, ...options, id, task, trigger: triggerOf(declared, id, now) };
  return { id, kind: declared.kind, method: method.name, isDisabled, initialDelayMs, spec };
}

function triggerOf(declared: Exclude<Declared, { kind: 'task' }>, id: string, now: number): Trigger {
  switch (declared.kind) {
    case 'cron':
      return triggerOfCron(declared.when, declared.options, id);
    case 'interval':
      return interval({ milliseconds: durationMs(declared.every, `@Interval of ${id}`) });
    case 'timeout':
      return date(new Date(now + durationMs(declared.after, `@Timeout of ${id}`)));
  }
}

function triggerOfCron(when: string | Instant, options: CronOptions, id: string): Trigger {
  if (typeof when === 'string') return cron(when, { timezone: zoneOf(options, id) });
  const instant: unknown = when instanceof Date ? when : when?.toJSDate?.();
  if (instant instanceof Date) return date(instant);
  throw new InvalidOptionsError(
    `@Cron of ${id}: ${shown(when)} is neither a crontab string, such as "0 9 * * *", nor a Date`,
  );
}

const MINUTES = 60;

/** @throws InvalidOptionsError */
function zoneOf({ timeZone, utcOffset }: CronOptions, id: string): string | undefined {
  if (utcOffset === undefined || utcOffset === null) return timeZone ?? undefined;
  if (timeZone !== undefined && timeZone !== null) {
    throw new InvalidOptionsError(`@Cron of ${id}: give timeZone or utcOffset, not both`);
  }
  const hours = utcOffset / MINUTES;
  if (!Number.isInteger(hours) || hours < -12 || hours > 14) {
    throw new InvalidOptionsError(
      `@Cron of ${id}: utcOffset: ${shown(utcOffset)} is not a whole number of hours in minutes, -720 to 840: give timeZone, such as "Asia/Kolkata"`,
    );
  }
  // The names of these zones count westwards.
  return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}

/** The options of `@Cron` that belong to the policy of a job. */
function policyOfCron(options: CronOptions, id: string): ScheduleOptions {
  const { name, timeZone, utcOffset, disabled, unrefTimeout, initialDelay, ...rest } = options;
  const { waitForCompletion, threshold, ...policy } = rest;
  const late = threshold === undefined ? {} : { misfireGraceTime: durationMs(threshold, `@Cron of ${id}: threshold`) };
  return { ...(waitForCompletion ? { maxInstances: 1 } : {}), ...late, ...policy };
}

function startOf(declared: Declared, id: string): Pick<DeclaredJob, 'isDisabled' | 'initialDelayMs'> {
  if (declared.kind !== 'cron') return { isDisabled: false, initialDelayMs: 0 };
  const { disabled = false, initialDelay = 0 } = declared.options;
  return { isDisabled: Boolean(disabled), initialDelayMs: durationMs(initialDelay, `@Cron of ${id}: initialDelay`) };
}
