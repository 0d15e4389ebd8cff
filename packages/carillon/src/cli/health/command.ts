import type { Command } from 'commander';
import { z } from 'zod';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { healthSocket } from '../servers/options.js';
import { askHealth } from './socket.js';

/** A server's status, at the top or, in one process, of each part. */
const healthSchema = z.object({ status: z.string() });

const EXAMPLES = `
For container health checks: asks a coordinator or worker on this machine, over the socket that it was told of, and prints
what health() tells. Ends with 0 if the server is running.

Examples:
  $ carillon worker --tasks ./tasks.js --health-socket /tmp/carillon.sock &
  $ carillon health --health-socket /tmp/carillon.sock`;

export function addHealth(program: Command, io: Io): void {
  program
    .command('health')
    .description('ask a server on this machine how it is')
    .addOption(healthSocket().makeOptionMandatory())
    .addHelpText('after', EXAMPLES)
    .action(async ({ healthSocket: path }: { readonly healthSocket: string }) => {
      const answer = await askHealth(path).catch((error: Error) => {
        throw new CliError(EXIT.failed, `nobody answers at ${path} (${error.message}): is the server running?`);
      });
      io.sayJson(answer);
      const health = healthSchema.safeParse(answer);
      if (health.data?.status !== 'running') throw new CliError(EXIT.failed, 'the server is not running');
    });
}
