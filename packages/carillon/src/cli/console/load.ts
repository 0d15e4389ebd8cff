import { UsageError } from '../exit-codes.js';

const TO_INSTALL =
  'the console is a package of its own, @carillon/console: install it where carillon is: `npm install @carillon/console` (`npm install --global @carillon/console`)';

/** What the command line uses of `@carillon/console`. */
export type ConsolePackage = typeof import('@carillon/console') & typeof import('@carillon/console/node');

/** Loads `@carillon/console`, on which carillon does not depend. @throws UsageError where it is not installed */
export async function loadConsole(load: () => Promise<ConsolePackage> = imported): Promise<ConsolePackage> {
  try {
    return await load();
  } catch (error) {
    throw isMissing(error) ? new UsageError(TO_INSTALL, { cause: error }) : error;
  }
}

async function imported(): Promise<ConsolePackage> {
  const [handler, node] = await Promise.all([import('@carillon/console'), import('@carillon/console/node')]);
  return { ...handler, ...node };
}

/** One that is there, and misses something itself, says so in its own words. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes('@carillon/console')
  );
}
