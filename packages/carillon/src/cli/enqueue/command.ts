import type { EnqueueOptions } from '@carillon/core';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import type { Io } from '../io.js';
import { type CallOptions, withCall } from '../options/call.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { type ExecutionOptions, executionOf, withExecution } from '../options/policy.js';
import { sayRun, type WaitOptions, withWait } from '../runs/wait-option.js';

interface Options extends PlaceOptions, CallOptions, ExecutionOptions, WaitOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Runs a task now, once, without a job; also while the job store is paused. The run is queued when this returns, unless
--wait is given: then it has ended, and its result is told. Its outcome is kept for an hour at least.

Examples:
  $ carillon enqueue mail.send --args '["ann@example.org"]' --kwargs '{"subject": "Hello"}' --retry 5
  $ carillon enqueue report.daily --args '["eu"]' --wait --wait-timeout 5m
  $ carillon enqueue cache.warm --json | jq -r .runId`;

export function addEnqueue(program: Command, io: Io): void {
  const command = program.command('enqueue').description('run a task now, once').argument('<task>', "the task's name");
  withWait(withExecution(withCall(withPlace(command))))
    .option('--json', 'tell the run as JSON')
    .addHelpText('after', EXAMPLES)
    .action((task: string, options: Options) =>
      withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        const { args = [], kwargs, historyAge: age } = options;
        const history = age === undefined ? undefined : { age };
        const how: EnqueueOptions = { ...choice, ...executionOf(options), history };
        const run = await scheduler.enqueue(task, [...args, ...(kwargs ? [kwargs] : [])], how);
        await scheduler.start();
        await sayRun(io, run, options, `job store "${jobStore}": run ${run.runId}`);
      }),
    );
}
