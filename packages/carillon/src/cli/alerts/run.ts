import { InvalidOptionsError } from '@carillon/core';
import { counted } from '@carillon/core/internal';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, placeOf, withPlace } from '../options/place.js';
import { healthSocket, type ServerOptions, withLog } from '../servers/options.js';
import { serve } from '../servers/serve.js';
import { installed, readConfig } from './config.js';
import { EXAMPLES } from './examples.js';

interface Options extends PlaceOptions, Pick<ServerOptions, 'logLevel' | 'healthSocket'> {
  readonly config: string;
  readonly check?: boolean;
}

export function addRun(alerts: Command, io: Io): void {
  const command = alerts.command('run', { isDefault: true }).description('watch job stores, and deliver alerts');
  withLog(withPlace(command, 'several'))
    .requiredOption('--config <file>', 'rules and targets, in YAML or JSON')
    .option('--check', 'only check the file')
    .addOption(healthSocket())
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const settings = await readConfig(options.config, io.env);
      const { Alerts } = await installed(() => import('../../alerts/index.js'));
      const logger = await io.surroundings.logger(options.logLevel);
      const alerts = inFile(options.config, () => new Alerts({ ...settings, ...placeOf(options, io.env), logger }));
      if (options.check) {
        await alerts.stop();
        const { rules, targets = {} } = settings;
        io.say(
          `${options.config}: ${counted(rules.length, 'rule')}, ${counted(Object.keys(targets).length, 'target')}`,
        );
        return;
      }
      const server = { start: () => alerts.start(), health: () => alerts.health(), shutdown: () => alerts.stop() };
      await serve(io, server, logger, options.healthSocket);
    });
}

/** Says in which file it is what is wrong. */
function inFile<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    const lines = error.message.split('\n').map((line) => `${file}: ${line}`);
    throw new UsageError(lines.join('\n'), { cause: error });
  }
}
