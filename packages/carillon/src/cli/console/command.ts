import { type Command, Option } from 'commander';
import type { Io } from '../io.js';
import { withPlace } from '../options/place.js';
import { list, portOrFree } from '../options/values.js';
import { healthSocket, withLog } from '../servers/options.js';
import { serve } from '../servers/serve.js';
import { CONSOLE_PORT } from './port.js';
import { ConsoleServer, type ConsoleServerOptions } from './server.js';
import { addToken } from './token.js';

interface Options extends ConsoleServerOptions {
  readonly logLevel: string;
  readonly healthSocket?: string;
}

const EXAMPLES = `
It has its own package: \`npm install @carillon/console\`. A user logs in with a token, or sends one as \`Authorization: Bearer …\`; only the hash of a token is kept. It serves plain HTTP: if other machines should reach it, put a TLS proxy before it. SIGTERM ends event streams, lets requests finish, and ends the process.

Environment: CARILLON_CONSOLE_TOKENS holds lines as a file of tokens does.

Examples:
  $ carillon console token --actor ann --role admin >> tokens.jsonl
  $ carillon console --tokens tokens.jsonl
  $ carillon console --tokens tokens.jsonl --host 0.0.0.0 --port 8080 --job-store default,reports
  $ carillon console --insecure-loopback`;

export function addConsole(command: Command, io: Io): void {
  withLog(withPlace(command, 'several'))
    .addOption(
      new Option('--host <host>', 'the address of this machine to listen at; 0.0.0.0 means all')
        .env('CARILLON_CONSOLE_HOST')
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <port>', '0 means a free one')
        .env('CARILLON_CONSOLE_PORT')
        .argParser(portOrFree)
        .default(CONSOLE_PORT),
    )
    .addOption(
      new Option('--tokens <file>', 'the file of tokens, one on each line; repeat it, or use commas, for several files')
        .env('CARILLON_CONSOLE_TOKENS_FILE')
        .argParser(list),
    )
    .addOption(healthSocket())
    .option('--insecure-loopback', 'no tokens: all users of this machine may do everything')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const logger = await io.surroundings.logger(options.logLevel);
      await serve(io, new ConsoleServer(options, io.env, logger), logger, options.healthSocket);
    });
  addToken(command, io);
}
