import { Redis } from 'ioredis';

const SCRIPT_CALLS = ['eval', 'evalsha', 'eval_ro', 'evalsha_ro', 'fcall', 'fcall_ro'];

/** Reads from INFO what a Redis has done since it began. */
export class RedisMeter {
  #client;

  constructor(url) {
    this.#client = new Redis(url);
  }

  /**
   * `scripts`: calls of scripts. `commands`: all commands, including those inside scripts. `bytesIn` and `bytesOut` are those of
   * connections; `memory` is the memory in use, bytes.
   */
  async read() {
    const info = parseInfo(await this.#client.info('everything'));
    const calls = (name) => Number(/calls=(\d+)/.exec(info[`cmdstat_${name}`] ?? '')?.[1] ?? 0);
    const names = Object.keys(info).filter((key) => key.startsWith('cmdstat_'));
    return {
      at: performance.now(),
      cpuMs: (Number(info.used_cpu_user) + Number(info.used_cpu_sys)) * 1_000,
      scripts: SCRIPT_CALLS.reduce((sum, name) => sum + calls(name), 0),
      commands: names.reduce((sum, key) => sum + calls(key.slice('cmdstat_'.length)), 0),
      bytesIn: Number(info.total_net_input_bytes),
      bytesOut: Number(info.total_net_output_bytes),
      memory: Number(info.used_memory),
      version: info.redis_version,
    };
  }

  async close() {
    await this.#client.quit();
  }
}

export function parseInfo(text) {
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
