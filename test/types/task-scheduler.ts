import type { Scheduler, TaskScheduler } from '@carillon/core';

/** The names of the options that a method takes last. */
type OptionsOf<Call extends (...given: never[]) => unknown> =
  Required<Parameters<Call>> extends [...unknown[], infer Last] ? keyof Last : never;

/** The methods of a task's scheduler that lack options of the same methods of `Scheduler`. */
type Lacking = {
  [Name in keyof TaskScheduler]: OptionsOf<Scheduler[Name]> extends OptionsOf<TaskScheduler[Name]> ? never : Name;
}[keyof TaskScheduler];

/** There are none. */
export const lacking: [Lacking] extends [never] ? true : Lacking = true;
