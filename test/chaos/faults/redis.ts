import { setTimeout as delay } from 'node:timers/promises';
import { OBSERVER } from '../collector.js';
import { type Fault, mustHit, type Scene } from '../scene.js';

/** Notes that all processes were without Redis since `from`, until they have renewed what they lost: one lease from now. */
function without({ afflictions, leaseMs }: Scene, from: number): void {
  afflictions.push({ pid: null, what: 'without Redis', from, to: Date.now() + leaseMs });
}

function inFlight({ cluster }: Scene): number {
  return cluster.workers.reduce((sum, { calls }) => sum + calls.refresh().length, 0);
}

export const redisKilled: Fault = {
  kind: 'Redis killed and restarted',
  async strike(scene) {
    const { redis, cluster, collector, control, random, leaseMs } = scene;
    await cluster.busyWorker((busy) => random.pick(busy));
    const { pid } = redis;
    const running = inFlight(scene);
    const from = Date.now();
    scene.unsyncedTail?.look();
    await redis.kill();
    scene.unsyncedTail?.lose();
    // The proxies stay shut until the collector is connected: the account cannot judge what it does not see.
    for (const { proxy } of cluster.members) proxy.shut();
    await delay(random.between(0, 2 * leaseMs));
    await redis.start();
    await collector.connected();
    await control.ping();
    for (const { proxy } of cluster.members) proxy.open();
    without(scene, from);
    mustHit(running > 0 && redis.pid !== pid, 'nothing ran, or Redis was not killed');
    return `process ${pid}, while ${running} calls ran; away for ${Date.now() - from} ms`;
  },
};

export const clientsKilled: Fault = {
  kind: 'CLIENT KILL of every connection',
  async strike(scene) {
    const { control, random } = scene;
    const killed = { normal: 0, blocked: 0, pubsub: 0 };
    const from = Date.now();
    // A worker that has enough to do does not wait for more, so its connection is not blocked.
    for (let round = 0; round < 3 || (killed.blocked === 0 && round < 30); round++) {
      const list = (await control.client('LIST')) as string;
      for (const line of list.split('\n')) {
        const { id, flags, name } = fieldsOf(line);
        if (!id || name === OBSERVER) continue;
        const count = (await control.client('KILL', 'ID', id)) as number;
        killed[flags?.includes('P') ? 'pubsub' : flags?.includes('b') ? 'blocked' : 'normal'] += count;
      }
      await delay(random.between(50, 400));
    }
    without(scene, from);
    mustHit(killed.normal > 0 && killed.blocked > 0 && killed.pubsub > 0, JSON.stringify(killed));
    return `${killed.normal} connections, ${killed.blocked} that waited for work, ${killed.pubsub} that were subscribed`;
  },
};

function fieldsOf(line: string): Record<string, string> {
  return Object.fromEntries(line.split(' ').map((field) => field.split('=', 2) as [string, string]));
}

/** Makes all writes, or all commands, wait for a random time. */
function paused(mode: 'WRITE' | 'ALL'): Fault {
  return {
    kind: `CLIENT PAUSE ${mode}`,
    async strike(scene) {
      const { control, cluster, random, leaseMs } = scene;
      const ms = random.between(Math.round(leaseMs / 2), 2 * leaseMs);
      const requests = () => cluster.members.reduce((sum, { proxy }) => sum + proxy.traffic.requests, 0);
      const from = Date.now();
      await control.call('CLIENT', 'PAUSE', ms, mode);
      const before = requests();
      await delay(ms / 2);
      const waiting = requests() - before;
      await control.set('carillon-chaos', 'a write that waits');
      const waitedMs = Date.now() - from;
      without(scene, from);
      mustHit(waiting > 0 && waitedMs >= 0.9 * ms, `${waiting} bytes of requests in ${waitedMs} of ${ms} ms`);
      return `${waiting} bytes of requests waited, for up to ${waitedMs} ms`;
    },
  };
}

export const writesPaused = paused('WRITE');
export const allPaused = paused('ALL');

export const scriptsFlushed: Fault = {
  kind: 'SCRIPT FLUSH',
  async strike({ control, random }) {
    let flushed = 0;
    for (let round = 0; round < 8; round++) {
      flushed += await infoOf(control, 'memory', 'number_of_cached_scripts');
      await control.script('FLUSH');
      await delay(random.between(10, 150));
    }
    mustHit(flushed > 8, `${flushed} scripts were flushed`);
    return `8 times, ${flushed} scripts in all`;
  },
};

export const memoryFull: Fault = {
  kind: 'maxmemory reached',
  async strike(scene) {
    const { control, random, leaseMs } = scene;
    const refused = () => infoOf(control, 'errorstats', 'errorstat_OOM');
    const before = await refused();
    const from = Date.now();
    const used = await infoOf(control, 'memory', 'used_memory');
    await control.config('SET', 'maxmemory', Math.floor(used * 0.8));
    try {
      await delay(random.between(leaseMs, 2 * leaseMs));
    } finally {
      await control.config('SET', 'maxmemory', '0');
    }
    without(scene, from);
    const count = (await refused()) - before;
    mustHit(count > 0, 'no command was refused');
    return `${count} commands were refused in ${Date.now() - from} ms`;
  },
};

/** Returns a number from INFO; 0 if INFO does not have it. */
async function infoOf(control: Scene['control'], section: string, name: string): Promise<number> {
  const info = await control.info(section);
  return Number(new RegExp(`^${name}:(?:count=)?(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}
