import type { Console } from '@carillon/console';
import type { ListeningConsole } from '@carillon/console/node';
import type { Logger } from 'pino';
import { CliError, EXIT } from '../exit-codes.js';
import type { ConsolePackage } from './load.js';

/** Serves a console, and logs where. @throws CliError */
export async function listening(
  { listen }: Pick<ConsolePackage, 'listen'>,
  console: Console,
  { host, port }: { readonly host: string; readonly port: number },
  logger: Logger,
): Promise<ListeningConsole> {
  const listens = await listen(console, { host, port }).catch((error: Error) => {
    const why = `${host}:${port} cannot be listened on: ${error.message}`;
    throw new CliError(EXIT.failed, why, { cause: error });
  });
  const { url } = listens;
  logger.info({ url }, `console: open ${url}`);
  return listens;
}
