import type { Duration } from '@carillon/core';
import { Worker } from '@carillon/worker';
import type { Command } from 'commander';
import type { Io } from '../io.js';
import { withPlace } from '../options/place.js';
import { withLease, withServer, withWork } from './options.js';
import { serve } from './serve.js';
import { TaskServer, type TaskServerOptions } from './task-server.js';

interface Options extends TaskServerOptions {
  readonly lease?: Duration;
}

const EXAMPLES = `
The module exports a map of functions: \`export const tasks = { 'report.daily': async (region) => { … } }\`. Or the map
is its default export, or the functions are exports themselves and their names the tasks' names. Functions that it exports as \`setup\` and \`teardown\` are not tasks: they open resources before the first task, and close them after the last one. TypeScript needs Node.js 22.18 or newer, or a loader in NODE_OPTIONS.
SIGTERM stops taking runs, lets running tasks finish, and hands the others back. A second SIGTERM ends it at once.

Examples:
  $ carillon worker --tasks ./tasks.js
  $ carillon worker --tasks ./tasks.ts --executor default:20 --executor mail:2 --shutdown-timeout 1m
  $ carillon worker --tasks ./tasks.js --executor mail:20 --global-concurrency mail:50 --rate-limit mail:100/1m
  $ carillon worker --tasks ./tasks.js --executor default,images:4:thread,reports:2:process`;

export function addWorker(command: Command, io: Io): void {
  withServer(
    withLease(
      withPlace(withWork(command), 'several'),
      'how long it may be silent until its runs are run elsewhere (default: 5s)',
    ),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const logger = await io.surroundings.logger(options.logLevel);
      const { lease, healthSocket } = options;
      const server = new TaskServer(io, options, logger, (work) => new Worker({ ...work, lease }));
      await serve(io, server, logger, healthSocket);
    });
}
