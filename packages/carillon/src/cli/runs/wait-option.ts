import type { Duration, RunHandle } from '@carillon/core';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { duration } from '../options/values.js';

/** Whether to wait for a run to end, as options. */
export interface WaitOptions {
  readonly wait?: boolean;
  readonly waitTimeout?: Duration;
}

export function withWait(command: Command): Command {
  return command
    .option('--wait', 'wait for it to end, and print its result')
    .option(
      '--wait-timeout <duration>',
      'with --wait: how long to wait at most; the run continues (default: no limit)',
      duration,
    );
}

/** Prints a run that was asked for, and its result where that is waited for. @throws UsageError, and what `result()` throws */
export async function sayRun(
  io: Io,
  run: RunHandle<unknown>,
  options: WaitOptions & { readonly json?: boolean },
  text: string,
): Promise<void> {
  const { wait, waitTimeout: timeout, json } = options;
  if (timeout !== undefined && !wait) throw new UsageError('--wait-timeout goes with --wait');
  if (!wait) {
    if (json) io.sayJson(run);
    else io.say(text);
    return;
  }
  // What is known of it is worth keeping, should the wait be cut short.
  if (!json) io.note(text);
  const value = await run.result({ timeout });
  io.sayJson(json ? { ...run, value } : value);
}
