import type { ListeningConsole } from '@carillon/console/node';
import type { Scheduler } from '@carillon/core';
import type { LoadedTasks } from '@carillon/worker';
import type { Logger } from 'pino';
import type { Carillon } from '../../carillon.js';
import { authOf } from './auth.js';
import { listening } from './listening.js';
import type { ConsolePackage } from './load.js';

const HOST = '127.0.0.1';

/** The console of `carillon dev`: all users of this machine may do everything. @throws CliError */
export async function developConsole(
  console: ConsolePackage,
  {
    scheduler,
    port,
    logger,
  }: { readonly scheduler: Carillon<LoadedTasks>; readonly port: number; readonly logger: Logger },
): Promise<ListeningConsole> {
  const auth = await authOf({ host: HOST, insecureLoopback: true }, {}, console);
  const made = console.createConsole({ scheduler: scheduler as unknown as Scheduler, auth, logger });
  return listening(console, made, { host: HOST, port }, logger);
}
