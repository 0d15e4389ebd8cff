import type { Duration, JobOptions, JobPolicy, JsonValue } from '@carillon/core';
import type { ArgumentsSchema, TaskDefinition } from '@carillon/worker';
import { SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { misplaced } from './errors.js';

/** The options of a job that decorators or the module set in their own way. */
type Given = 'id' | 'name' | 'trigger' | 'nextRunTime' | 'jobStore' | 'replaceExisting' | 'requireTask';

/** The options of a decorator for its job, apart from when it fires. */
export interface ScheduleOptions extends JobPolicy, Omit<JobOptions, Given> {
  /** The arguments that the method is called with; default: none. */
  readonly args?: readonly JsonValue[];
}

/** An instant for `@Cron`: a Date, or any object with a method `toJSDate` that returns one, such as luxon's `DateTime`. */
export type Instant = Date | { toJSDate(): Date };

/** Options of `@Cron`: those of @nestjs/schedule, and those of a job. */
export interface CronOptions extends ScheduleOptions {
  /** The job's id; default: `Class.method`. */
  readonly name?: string | undefined;
  /** An IANA name; default: the module's `timezone`. */
  readonly timeZone?: string | undefined;
  /** Minutes east of UTC, whole hours only, in place of `timeZone`. */
  readonly utcOffset?: number | undefined;
  /** Whether the job is added paused. `resumeJob` lets it fire, until the application starts again. */
  readonly disabled?: boolean | undefined;
  /** Whether a fire is skipped while any run of the job has not finished, in the whole cluster: `maxInstances: 1`. */
  readonly waitForCompletion?: boolean | undefined;
  /** How many ms late a run may start: the name of `misfireGraceTime` in @nestjs/schedule. Default: no limit. */
  readonly threshold?: number | undefined;
  /** How many ms the job does not fire after the application start that first adds it. */
  readonly initialDelay?: number | undefined;
  /** Accepted, but without effect: `app.close()` ends everything that the module started. */
  readonly unrefTimeout?: boolean | undefined;
}

/** A schema of the arguments of a task, as for `task()`. */
export type TaskSchema<S extends ArgumentsSchema = ArgumentsSchema> = Pick<
  TaskDefinition<S, unknown>,
  'args' | 'jsonSchema'
>;

/** A declaration of a decorator about a method. */
export type Declared =
  | { readonly kind: 'task'; readonly name: string; readonly options: TaskSchema | undefined }
  | { readonly kind: 'cron'; readonly when: string | Instant; readonly options: CronOptions }
  | { readonly kind: 'interval'; readonly name?: string; readonly every: Duration; readonly options: ScheduleOptions }
  | { readonly kind: 'timeout'; readonly name?: string; readonly after: Duration; readonly options: ScheduleOptions };

const KEY = 'carillon:declared';
const reflector = new Reflector();

/** Returns a decorator that adds this declaration to a method. @throws InvalidOptionsError if it decorates anything else */
export function declare(decorator: string, declared: Declared): MethodDecorator {
  return (target, key, descriptor) => {
    const method: unknown = descriptor?.value;
    if (typeof method !== 'function') throw misplaced(decorator, key);
    // The lowest decorator is applied first.
    SetMetadata(KEY, [declared, ...declaredOf(method)])(target, key, descriptor);
  };
}

/** Returns the declarations of a method's decorators, in their order. */
export function declaredOf(method: unknown): readonly Declared[] {
  return typeof method === 'function' ? (reflector.get<readonly Declared[] | undefined>(KEY, method) ?? []) : [];
}
