import type { Duration, JobOptions, JobPolicy, JsonValue } from '@carillon/core';
import type { ArgumentsSchema, TaskDefinition } from '@carillon/worker';
import { SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { misplaced } from './errors.js';

/** What a decorator, or the module, says in its own way. */
type Given = 'id' | 'name' | 'trigger' | 'nextRunTime' | 'jobStore' | 'replaceExisting' | 'requireTask';

/** What a decorator says of the job beside when it fires. */
export interface ScheduleOptions extends JobPolicy, Omit<JobOptions, Given> {
  /** The arguments that the method is called with; default: none. */
  readonly args?: readonly JsonValue[];
}

/** An instant as `@Cron` takes it: a Date, or any object with a method that returns one, such as luxon's `DateTime`. */
export type Instant = Date | { toJSDate(): Date };

/** Options of `@Cron`: those of @nestjs/schedule, and those of a job. */
export interface CronOptions extends ScheduleOptions {
  /** The job's id; `Class.method` where it is left out. */
  readonly name?: string | undefined;
  /** An IANA name; default: the module's `timezone`. */
  readonly timeZone?: string | undefined;
  /** Minutes east of UTC, whole hours only: in place of `timeZone`. */
  readonly utcOffset?: number | undefined;
  /** Whether the job is there and paused. `resumeJob` lets it fire, until the application starts again. */
  readonly disabled?: boolean | undefined;
  /** Whether a fire is skipped while a run of the job is not finished anywhere: `maxInstances: 1`. */
  readonly waitForCompletion?: boolean | undefined;
  /** How many ms late a run may start: `misfireGraceTime` as @nestjs/schedule calls it. Default: no limit. */
  readonly threshold?: number | undefined;
  /** How many ms the job does not fire after the start that first adds it. */
  readonly initialDelay?: number | undefined;
  /** Accepted, and without an effect: `app.close()` ends what the module started. */
  readonly unrefTimeout?: boolean | undefined;
}

/** A schema of the arguments of a task, as `task()` takes it. */
export type TaskSchema<S extends ArgumentsSchema = ArgumentsSchema> = Pick<
  TaskDefinition<S, unknown>,
  'args' | 'jsonSchema'
>;

/** What was said of a method. */
export type Declared =
  | { readonly kind: 'task'; readonly name: string; readonly options: TaskSchema | undefined }
  | { readonly kind: 'cron'; readonly when: string | Instant; readonly options: CronOptions }
  | { readonly kind: 'interval'; readonly name?: string; readonly every: Duration; readonly options: ScheduleOptions }
  | { readonly kind: 'timeout'; readonly name?: string; readonly after: Duration; readonly options: ScheduleOptions };

const KEY = 'carillon:declared';
const reflector = new Reflector();

/**
 * A decorator that says this of a method, beside what others say of it.
 * @throws InvalidOptionsError where it decorates anything else
 */
export function declare(decorator: string, declared: Declared): MethodDecorator {
  return (target, key, descriptor) => {
    const method: unknown = descriptor?.value;
    if (typeof method !== 'function') throw misplaced(decorator, key);
    // The lowest decorator is applied first.
    SetMetadata(KEY, [declared, ...declaredOf(method)])(target, key, descriptor);
  };
}

/** What decorators said of a method, in their order. */
export function declaredOf(method: unknown): readonly Declared[] {
  return typeof method === 'function' ? (reflector.get<readonly Declared[] | undefined>(KEY, method) ?? []) : [];
}
