import type { Duration } from '@carillon/core';
import type { ArgumentsSchema, TaskDefinition } from '@carillon/worker';
import { type CronOptions, declare, type Instant, type ScheduleOptions, type TaskSchema } from './declared.js';

/**
 * Makes a method a task of this name, which `enqueue` and jobs call with their arguments. Inside the method, `currentRun()` returns the
 * run. With a schema of its arguments, each call is checked against it, and the method gets the arguments as the schema returns them.
 */
export function Task(name: string): MethodDecorator;
export function Task<S extends ArgumentsSchema>(name: string, options: TaskSchema<S>): SchemaMethodDecorator<S>;
export function Task(name: string, options?: TaskSchema): MethodDecorator {
  return declare('Task', { kind: 'task', name, options });
}

/** Decorates a method whose parameters are the output of a schema. */
export type SchemaMethodDecorator<S extends ArgumentsSchema> = <M extends TaskDefinition<S, unknown>['run']>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/**
 * Makes a method a job that fires by a crontab string of 5 or 6 fields, or once at an instant. In a cluster, each fire runs in one
 * process.
 */
export function Cron(when: string | Instant, options: CronOptions = {}): MethodDecorator {
  return declare('Cron', { kind: 'cron', when, options });
}

/** Makes a method a job that fires at an interval in ms, first after one interval. A name is the job's id. */
export function Interval(every: number, options?: ScheduleOptions): MethodDecorator;
export function Interval(name: string, every: Duration, options?: ScheduleOptions): MethodDecorator;
export function Interval(...given: readonly unknown[]): MethodDecorator {
  const { name, length, options } = named(given);
  return declare('Interval', { kind: 'interval', ...name, every: length, options });
}

/** Makes a method a job that fires once, a number of ms after the application has started. A name is the job's id. */
export function Timeout(after: number, options?: ScheduleOptions): MethodDecorator;
export function Timeout(name: string, after: Duration, options?: ScheduleOptions): MethodDecorator;
export function Timeout(...given: readonly unknown[]): MethodDecorator {
  const { name, length, options } = named(given);
  return declare('Timeout', { kind: 'timeout', ...name, after: length, options });
}

function named([first, second, third]: readonly unknown[]) {
  const isNamed = typeof first === 'string';
  const [length, options] = isNamed ? [second, third] : [first, second];
  return {
    name: isNamed ? { name: first } : {},
    length: length as Duration,
    options: (options ?? {}) as ScheduleOptions,
  };
}
