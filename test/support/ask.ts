import { ask as askInTime } from '../../packages/carillon/src/local-redis/ping.js';

/** Sends one command over a connection of its own. An answer may take long: the machine may be busy. */
export function ask(url: string, command: readonly string[]): Promise<string | null> {
  return askInTime(url, command, 120_000);
}
