import type { Duration } from '@carillon/core';
import { durationMs } from '@carillon/core/internal';
import { type Command, Option } from 'commander';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { duration } from '../options/values.js';
import { healthSocket } from '../servers/options.js';
import { complaints } from './judge.js';
import { askHealth } from './socket.js';

interface Options {
  readonly healthSocket: string;
  readonly grace: Duration;
  readonly alive?: boolean;
}

const EXAMPLES = `
For container health checks: asks a coordinator or worker on this machine, over the socket that it was given, and prints
what health() returns. The exit code is 0 if the server is running and serves all that it is configured to serve. A server recovers by itself: checks that end a server (a liveness probe, Swarm, ECS) should use --alive.

Examples:
  $ carillon worker --tasks ./tasks.js --health-socket /tmp/carillon.sock &
  $ carillon health --health-socket /tmp/carillon.sock
  $ carillon health --health-socket /tmp/carillon.sock --alive`;

export function addHealth(command: Command, io: Io): void {
  command
    .addOption(healthSocket().makeOptionMandatory())
    .addOption(
      new Option('--grace <duration>', 'how long something may be unserved')
        .env('CARILLON_HEALTH_GRACE')
        .argParser(duration)
        .default('30s'),
    )
    .option('--alive', 'check only whether it replies, whatever it serves')
    .addHelpText('after', EXAMPLES)
    .action(async ({ healthSocket: path, grace, alive }: Options) => {
      const answer = await askHealth(path).catch((error: Error) => {
        throw new CliError(EXIT.failed, `no server replies at ${path} (${error.message}): is the server running?`);
      });
      io.sayJson(answer);
      const wrong = alive ? [] : complaints(answer, new Date(), durationMs(grace, '--grace'));
      if (wrong.length > 0) throw new CliError(EXIT.failed, wrong.join('\ncarillon: '));
    });
}
