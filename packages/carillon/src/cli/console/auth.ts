import { readFile } from 'node:fs/promises';
import type { ConsoleOptions, Identity, TokenRecord } from '@carillon/console';
import { UsageError } from '../exit-codes.js';
import type { ConsolePackage } from './load.js';

/** What says who may do what at a console. */
export interface AuthOptions {
  readonly host: string;
  readonly tokens?: readonly string[];
  readonly insecureLoopback?: boolean;
}

const NO_AUTH =
  'no user could log in: give --tokens FILE (`carillon console token --actor NAME --role admin >> FILE` makes one) or CARILLON_CONSOLE_TOKENS; to let all users of this machine do everything, --insecure-loopback';

/** Who may use the console: the callers with one of these tokens. @throws UsageError */
export async function authOf(
  { host, tokens: files = [], insecureLoopback = false }: AuthOptions,
  env: NodeJS.ProcessEnv,
  { readTokens }: Pick<ConsolePackage, 'readTokens'>,
): Promise<ConsoleOptions['auth']> {
  const given = env.CARILLON_CONSOLE_TOKENS;
  if (insecureLoopback) {
    if (files.length > 0 || given !== undefined) throw new UsageError('--insecure-loopback: tokens are given as well');
    if (!isLoopback(host)) throw new UsageError(`--insecure-loopback: --host ${host} is not a loopback address`);
    return onThisMachine;
  }
  const records = await Promise.all(files.map((file) => recordsOf(file, readTokens)));
  const tokens: readonly TokenRecord[] = [...records.flat(), ...(given === undefined ? [] : readTokens(given))];
  if (tokens.length === 0) throw new UsageError(NO_AUTH);
  return { tokens };
}

async function recordsOf(file: string, readTokens: ConsolePackage['readTokens']): Promise<readonly TokenRecord[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--tokens: ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return readTokens(text);
  } catch (error) {
    throw new UsageError(`--tokens: ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** A page whose foreign name leads here (DNS rebinding) sends that name as its host: it is refused. */
function onThisMachine({ url }: Request): Identity | null {
  return isLoopback(new URL(url).hostname) ? { actor: 'insecure-loopback', role: 'admin' } : null;
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
