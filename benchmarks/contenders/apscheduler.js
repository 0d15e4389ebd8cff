import { spawnSync } from 'node:child_process';
import { start } from '../cluster.js';

/** Debian's packages are for Debian's Python, which may not be the first one on the PATH. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
const python = PYTHONS.find((program) => spawnSync(program, ['-c', 'import apscheduler, redis']).status === 0);

export const apscheduler = {
  name: 'APScheduler',
  missing: () => (python ? null : 'apt-get install -y python3-apscheduler python3-redis'),

  /** One process, which schedules and runs `load` jobs with an interval of 1 s, spread over the second from `begin` on. */
  async start(redis, load) {
    // The process adds its jobs one by one before it reports that it is ready.
    const begin = Date.now() + 2_000 + load;
    return { begin, worker: await start('apscheduler-process.py', { redis, load, begin }, python) };
  },
};
