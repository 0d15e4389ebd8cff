import type { Execution, JsonResult, JsonSafe, JsonValue, Run, RunHandle, Scheduler, TaskResult } from '@carillon/core';
import type { Tasks } from './tasks.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

interface Given {
  readonly at: Date;
  left?: number;
  maybe: string | undefined;
  call(): void;
  readonly nested: { readonly list: readonly [Date, undefined, () => void] };
  table: Map<string, number>;
}

/** The types that JSON gives back. */
export function results(): void {
  holds<Equal<JsonResult<Date>, string>>();
  holds<Equal<JsonResult<undefined>, null>>();
  holds<Equal<JsonResult<(Date | undefined)[]>, (string | null)[]>>();
  holds<Equal<JsonResult<Given>['at'], string>>();
  holds<Equal<JsonResult<Given>['left'], number | undefined>>();
  holds<Equal<JsonResult<Given>['maybe'], string | undefined>>();
  holds<Equal<JsonResult<Given>['nested'], { readonly list: readonly [string, null, null] }>>();
  holds<Equal<JsonResult<Given>['table'], Record<string, never>>>();
  holds<Equal<keyof JsonResult<Given>, 'at' | 'left' | 'maybe' | 'nested' | 'table'>>();
  holds<Equal<JsonResult<{ name: string; message: string }>, { name: string; message: string }>>();
  // @ts-expect-error a date comes back as a string
  holds<Equal<JsonResult<Date>, Date>>();
  // @ts-expect-error a function does not come back
  holds<Equal<JsonResult<Given>['call'], () => void>>();
}

/** Types that JSON carries stay as they are. */
export function arguments_(): void {
  holds<Equal<JsonSafe<string | null>, string | null>>();
  holds<Equal<JsonSafe<{ a?: number; b: readonly string[] }>, { a?: number; b: readonly string[] }>>();
  holds<Equal<JsonSafe<'a' | 'b' | undefined>, 'a' | 'b' | undefined>>();
  // @ts-expect-error a date does not
  holds<Equal<JsonSafe<Date>, Date>>();
}

declare const scheduler: Scheduler<Tasks>;
declare const untyped: Scheduler;

/** The types of what a handle returns. */
export async function handles(): Promise<void> {
  holds<Equal<TaskResult<Tasks, 'report.daily'>, { pages: number }>>();
  holds<Equal<TaskResult<Tasks, 'ping'>, null>>();
  holds<Equal<TaskResult<Tasks, 'resize'>, null>>();
  holds<Equal<TaskResult<Tasks, 'greet'>, string>>();
  const report = await scheduler.enqueue('report.daily', ['eu', { format: 'pdf' }]);
  holds<Equal<typeof report, RunHandle<{ pages: number }>>>();
  const { pages } = await report.result({ timeout: '5s' });
  holds<Equal<typeof pages, number>>();
  // @ts-expect-error it answers nothing else
  (await report.result()).sheets;
  const nothing = await (await scheduler.enqueue('ping')).result();
  holds<Equal<typeof nothing, null>>();
  const anything = await (await untyped.enqueue('anything', [1])).result();
  holds<Equal<typeof anything, JsonValue>>();
  const ofJob = await (await scheduler.runJob('x')).result();
  holds<Equal<typeof ofJob, JsonValue>>();
  // @ts-expect-error a time has a unit
  await report.result({ timeout: '5 seconds' });
}

/** The members of a run depend on its state. */
export function runs(run: Run, execution: Execution): unknown[] {
  // @ts-expect-error a run that is owed has not been settled
  const early = run.settledAt;
  // @ts-expect-error not every execution has a value
  const value = execution.value;
  if (run.state === 'running') return [run.progress, run.attempt, early, value];
  if ('settledAt' in run) return [run.settledAt.getTime()];
  return execution.outcome === 'error' ? [execution.error.message] : [run.retryAt?.getTime()];
}
