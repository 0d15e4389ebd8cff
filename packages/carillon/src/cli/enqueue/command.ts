import type { Dedupe, Duration, EnqueueOptions } from '@carillon/core';
import { type Command, Option } from 'commander';
import { withClient } from '../client.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type CallOptions, withCall } from '../options/call.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { type ExecutionOptions, executionOf, withExecution } from '../options/policy.js';
import { duration, instant } from '../options/values.js';
import { sayRun, type WaitOptions, withWait } from '../runs/wait-option.js';

interface Options extends PlaceOptions, CallOptions, ExecutionOptions, WaitOptions {
  readonly delay?: Duration;
  readonly at?: Date;
  readonly misfireGraceTime?: Duration;
  readonly dedupeKey?: string;
  readonly dedupeFor?: Duration;
  readonly history?: false;
  readonly json?: boolean;
}

const EXAMPLES = `
Runs a task now, once, without a job; also while the job store is paused. The command returns once the run is queued; with --wait, it returns once the run has ended, and prints its result. The outcome is kept for an hour, or for --history-age.

Examples:
  $ carillon enqueue mail.send --args '["ann@example.org"]' --kwargs '{"subject": "Hello"}' --retry 5
  $ carillon enqueue report.daily --args '["eu"]' --wait --wait-timeout 5m
  $ carillon enqueue mail.send --args '["ann@example.org"]' --delay 30m --dedupe-key ann --dedupe-for 1h
  $ carillon enqueue cache.warm --json | jq -r .runId`;

export function addEnqueue(command: Command, io: Io): void {
  command.argument('<task>', "the task's name");
  withBy(withWait(withExecution(withCall(withPlace(command)))))
    .addOption(new Option('--delay <duration>', 'how long from now').argParser(duration).conflicts('at'))
    .option('--at <instant>', 'then', instant)
    .option('--misfire-grace-time <duration>', 'how late it may start (default: no limit)', duration)
    .option('--dedupe-key <key>', 'a second call with this key enters no run; needs --dedupe-for')
    .option('--dedupe-for <duration>', 'how long the key is kept', duration)
    .option('--require-task', 'refuse it unless a living worker has the task')
    .option('--no-history', 'keep no outcome: no client can wait for it')
    .option('--json', 'print the run as JSON')
    .addHelpText('after', EXAMPLES)
    .action((task: string, options: Options) =>
      withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        const { args = [], kwargs, delay, at, misfireGraceTime, requireTask } = options;
        const when = { delay, at, misfireGraceTime, requireTask };
        const kept = { history: historyOf(options), dedupe: dedupeOf(options) };
        const how: EnqueueOptions = { ...choice, ...executionOf(options), ...when, ...kept };
        const run = await scheduler.enqueue(task, [...args, ...(kwargs ? [kwargs] : [])], how);
        await scheduler.start();
        await sayRun(io, run, options, `job store "${jobStore}": run ${run.runId}`);
      }),
    );
}

function historyOf({ history, historyAge: age, wait }: Options): EnqueueOptions['history'] {
  if (history === false && age !== undefined) throw new UsageError('--history-age and --no-history exclude each other');
  if (history === false && wait) throw new UsageError('--wait and --no-history exclude each other');
  if (history === false) return 'none';
  return age === undefined ? undefined : { age };
}

function dedupeOf({ dedupeKey: key, dedupeFor }: Options): Dedupe | undefined {
  if (key === undefined && dedupeFor === undefined) return undefined;
  if (key === undefined || dedupeFor === undefined) throw new UsageError('--dedupe-key and --dedupe-for go together');
  return { key, for: dedupeFor };
}
