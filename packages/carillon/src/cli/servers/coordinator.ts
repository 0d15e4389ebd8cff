import { Coordinator } from '@carillon/coordinator';
import type { Duration } from '@carillon/core';
import type { Command } from 'commander';
import type { Io } from '../io.js';
import { showMetrics } from '../metrics/server.js';
import { type PlaceOptions, placeOf, withPlace } from '../options/place.js';
import { accountOf } from '../options/policy.js';
import { count, duration } from '../options/values.js';
import { type ServerOptions, withLease, withServer } from './options.js';
import { serve } from './serve.js';

interface Options extends PlaceOptions, ServerOptions {
  readonly lease?: Duration;
  readonly account?: number;
  readonly accountAge?: Duration;
}

const EXAMPLES = `
Start at least two: one leads, the others wait for its place. SIGTERM hands the leadership over at once.

Examples:
  $ carillon coordinator --redis redis://localhost:6379
  $ carillon coordinator --job-store default,reports --lease 5s`;

export function addCoordinator(command: Command, io: Io): void {
  withServer(withLease(withPlace(command, 'several'), 'how long a dead leader keeps the leadership (default: 3s)'))
    .option('--account <n>', 'the most entries in the account of a job without its own limit (default: 1000)', count)
    .option('--account-age <duration>', 'how long to keep these entries (default: 90d)', duration)
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const logger = await io.surroundings.logger(options.logLevel);
      const place = placeOf(options, io.env);
      const metrics = await showMetrics(options);
      const coordinator = new Coordinator({
        ...place,
        lease: options.lease,
        account: accountOf(options),
        logger,
        telemetry: metrics?.telemetry,
      });
      await serve(io, coordinator, logger, options.healthSocket);
      metrics?.close();
    });
}
