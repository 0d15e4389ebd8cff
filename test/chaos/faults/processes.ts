import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from '../member.js';
import type { Reported } from '../reported.js';
import { type Fault, mustHit, type Scene } from '../scene.js';

const LIMIT_MS = 60_000;

/** Waits until a coordinator leads a later term. Returns how long that took, ms. */
async function takeover(scene: Scene, epoch: number, but: readonly Member[]): Promise<number> {
  const since = performance.now();
  for (;;) {
    const next = await scene.cluster.leader(but, LIMIT_MS);
    if (next.epoch > epoch) return performance.now() - since;
    if (performance.now() - since > LIMIT_MS) throw new Error(`no coordinator took over from epoch ${epoch}`);
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
    // The store refuses the writes of a former leader; the coordinator must also notice that it does not lead.
    await until(async () => (await member.epoch()) !== epoch, 'the stopped leader still says that it leads');
    return `coordinator ${member.pid} led in epoch ${epoch}, and woke up after ${stoppedMs} ms`;
  },
};

export const workerKilled: Fault = {
  kind: 'worker killed',
  async strike(scene) {
    const { worker, cut } = await frozenInTheMiddle(scene);
    await scene.cluster.kill(worker);
    await scene.cluster.complete();
    return `worker ${worker.pid}, in the middle of ${cut.size} calls`;
  },
};

/** Stops a worker in the middle of some executions, none of which is settled. Returns both. */
async function frozenInTheMiddle(scene: Scene): Promise<{ worker: Member; cut: ReadonlySet<string>; from: number }> {
  for (let tries = 0; tries < 50; tries++) {
    const worker = await scene.cluster.busyWorker((busy) => scene.random.pick(busy));
    const from = Date.now();
    worker.freeze();
    await delay(50);
    // Tasks that ignore a timeout or a cancellation go on after they are settled.
    const settled = settledIn(scene);
    const cut = worker.calls.refresh().flatMap(({ executionId }) => (settled.has(executionId) ? [] : executionId));
    if (cut.length > 0) return { worker, cut: new Set(cut), from };
    worker.thaw();
  }
  throw new Error('the fault hit nothing: no worker is in the middle of anything');
}

export const workerStopped: Fault = {
  kind: 'worker stopped past its lease',
  async strike(scene) {
    const { worker, cut, from } = await frozenInTheMiddle(scene);
    let again = 0;
    try {
      await until(() => {
        const begun = begunElsewhere(scene, worker, from);
        const settled = settledIn(scene);
        again = [...cut].filter((executionId) => begun.has(executionId)).length;
        // An execution may have been cancelled meanwhile: then no worker runs it again.
        return [...cut].every((executionId) => begun.has(executionId) || settled.has(executionId));
      }, `of ${cut.size} executions of a stopped worker, some are neither settled nor begin elsewhere`);
      await delay(scene.random.between(0, scene.leaseMs / 2));
    } finally {
      worker.thaw();
      worker.afflict('stopped', from, Date.now() + scene.leaseMs);
    }
    const ms = Date.now() - from;
    return `worker ${worker.pid}, in the middle of ${cut.size} calls, ${again} of which began elsewhere; for ${ms} ms`;
  },
};

/** If an execution that still runs was settled, its event is one of the last ones, at most this many. */
const LOOK_BACK = 20_000;

function begunElsewhere({ cluster }: Scene, worker: Member, from: number): ReadonlySet<string> {
  const others = cluster.workers.filter((other) => other !== worker);
  for (const { calls } of others) calls.refresh();
  const begun = others.flatMap(({ calls }) => calls.calls.filter(({ beganAt }) => beganAt >= from));
  return new Set(begun.map(({ executionId }) => executionId));
}

function settledIn({ collector }: Scene): ReadonlySet<string> {
  const isEnd = ({ type }: Reported) => type === 'job_executed' || type === 'job_error' || type === 'job_cancelled';
  const ends = collector.events.slice(-LOOK_BACK).filter(isEnd);
  return new Set(ends.flatMap((event) => ('executionId' in event ? event.executionId : [])));
}

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
