import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from '../member.js';
import { type Fault, mustHit, type Scene } from '../scene.js';

const LIMIT_MS = 60_000;

/** The next term, of another coordinator. */
async function takeover(scene: Scene, epoch: number, but: readonly Member[]): Promise<number> {
  const since = performance.now();
  for (;;) {
    const next = await scene.cluster.leader(but, LIMIT_MS);
    if (next.epoch > epoch) return performance.now() - since;
    if (performance.now() - since > LIMIT_MS) throw new Error(`nobody took over from epoch ${epoch}`);
    await delay(20);
  }
}

export const leaderKilled: Fault = {
  kind: 'leader killed',
  async strike(scene) {
    await delay(scene.random.between(0, 500));
    const { member, epoch } = await scene.cluster.leader();
    const { pid } = member;
    await scene.cluster.kill(member);
    mustHit((await member.server.ended).signal === 'SIGKILL', 'the leader ended by itself');
    const ms = await takeover(scene, epoch, []);
    await scene.cluster.complete();
    return `coordinator ${pid} led in epoch ${epoch}; another led after ${Math.round(ms)} ms`;
  },
};

export const leaderStopped: Fault = {
  kind: 'leader stopped past its lease',
  async strike(scene) {
    await delay(scene.random.between(0, 500));
    const { member, epoch } = await scene.cluster.leader();
    const from = Date.now();
    member.freeze();
    try {
      await takeover(scene, epoch, [member]);
      await delay(scene.random.between(0, scene.leaseMs));
    } finally {
      member.thaw();
      member.afflict('stopped', from, Date.now() + scene.leaseMs);
    }
    const stoppedMs = Date.now() - from;
    // Whoever still takes itself for the leader of that term would be refused; it must also notice.
    await until(async () => (await member.epoch()) !== epoch, 'the stopped leader still says that it leads');
    return `coordinator ${member.pid} led in epoch ${epoch}, and woke up after ${stoppedMs} ms`;
  },
};

export const workerKilled: Fault = {
  kind: 'worker killed',
  async strike(scene) {
    const worker = await scene.cluster.busyWorker((busy) => scene.random.pick(busy));
    await scene.cluster.kill(worker);
    const cut = worker.calls.refresh().length;
    await scene.cluster.complete();
    mustHit(cut > 0, 'the worker ran nothing');
    return `worker ${worker.pid}, in the middle of ${cut} calls`;
  },
};

export const workerStopped: Fault = {
  kind: 'worker stopped past its lease',
  async strike(scene) {
    const worker = await scene.cluster.busyWorker((busy) => scene.random.pick(busy));
    const from = Date.now();
    worker.freeze();
    let again = 0;
    let cut: readonly { readonly executionId: string }[] = [];
    try {
      await delay(50);
      cut = worker.calls.refresh();
      const ids = new Set(cut.map(({ executionId }) => executionId));
      const others = scene.cluster.workers.filter((other) => other !== worker);
      const repeated = () => {
        for (const { calls } of others) calls.refresh();
        const begun = others.flatMap(({ calls }) => calls.calls.filter(({ beganAt }) => beganAt >= from));
        again = new Set(begun.filter(({ executionId }) => ids.has(executionId)).map((call) => call.executionId)).size;
        return again === ids.size;
      };
      await until(repeated, `${ids.size} executions of a stopped worker do not begin elsewhere`);
      await delay(scene.random.between(0, scene.leaseMs / 2));
    } finally {
      worker.thaw();
      worker.afflict('stopped', from, Date.now() + scene.leaseMs);
    }
    mustHit(again > 0, 'the worker ran nothing');
    return `worker ${worker.pid}, in the middle of ${cut.length} calls, which others repeated; it woke up after ${Date.now() - from} ms`;
  },
};

export const allKilled: Fault = {
  kind: 'every process and Redis killed at once',
  async strike(scene) {
    const { cluster, redis, control } = scene;
    const { epoch } = await cluster.leader();
    const workers = cluster.workers;
    await cluster.busyWorker((busy) => scene.random.pick(busy));
    const from = Date.now();
    scene.unsyncedTail?.look();
    await Promise.all([redis.kill(), ...cluster.members.map((member) => cluster.kill(member))]);
    scene.unsyncedTail?.lose();
    const cut = workers.reduce((sum, { calls }) => sum + calls.refresh().length, 0);
    await redis.start();
    await scene.collector.connected();
    await control.ping();
    await cluster.complete();
    scene.afflictions.push({ pid: null, what: 'without Redis', from, to: Date.now() });
    mustHit(cut > 0, 'no worker ran anything');
    return `the leader of epoch ${epoch}, all others, and ${cut} calls`;
  },
};

async function until(check: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await delay(20);
  }
}
