import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** Returns what the figures depend on: the machine, its system and the version of Node.js. */
export function machine() {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
  };
}
