import { Coordinator } from '@carillon/coordinator';
import type { Duration } from '@carillon/core';
import type { Command } from 'commander';
import type { Io } from '../io.js';
import { showMetrics } from '../metrics/server.js';
import { type PlaceOptions, placeOf, withPlace } from '../options/place.js';
import { type ServerOptions, withLease, withServer } from './options.js';
import { serve } from './serve.js';

interface Options extends PlaceOptions, ServerOptions {
  readonly lease?: Duration;
}

const EXAMPLES = `
Start at least two: one leads, the others wait for its place. SIGTERM hands the leadership over at once.

Examples:
  $ carillon coordinator --redis redis://localhost:6379
  $ carillon coordinator --job-store default,reports --lease 5s`;

export function addCoordinator(program: Command, io: Io): void {
  const command = program.command('coordinator').description('turn due jobs into runs; contend for the leadership');
  withServer(withLease(withPlace(command, 'several'), 'how long a dead leader holds its place (default: 3s)'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const logger = io.surroundings.logger(options.logLevel);
      const place = placeOf(options, io.env);
      const metrics = await showMetrics(options);
      const coordinator = new Coordinator({ ...place, lease: options.lease, logger, telemetry: metrics?.telemetry });
      await serve(io, coordinator, logger, options.healthSocket);
      metrics?.close();
    });
}
