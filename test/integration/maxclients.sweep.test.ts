import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { Worker } from '@carillon/worker';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';
import { someOf } from '../support/sweep.js';

const EXECUTORS = ['default', 'x'] as const;
/** The connections of each member once it serves everything: the docs give these numbers. */
const NEEDS = { worker: 3 + EXECUTORS.length, coordinator: 2 };
const ROOMY = 10_000;

/** Starts a Redis with a limit of clients. Returns what one of its clients may ask while others are refused. */
async function crowdedRedis() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const admin = new RedisBackend({ redis: redis.url, report: () => {}, fail: 'fast' });
  onTestFinished(() => admin.close());
  const { client } = admin;
  const sockets: Socket[] = [];
  const clients = async () => Number(/^connected_clients:(\d+)/m.exec(await client.info('clients'))?.[1]);
  const allow = async (count: number) => void (await client.config('SET', 'maxclients', count));
  await client.ping();
  return {
    url: redis.url,
    clients,
    allow,
    /** Connects other clients until there is room for only `room` more. */
    async crowd(room: number): Promise<void> {
      const others = 20;
      const before = await clients();
      await allow(before + others + room);
      for (let count = 0; count < others; count++) {
        const socket = connect(Number(redis.port), '127.0.0.1').on('error', () => {});
        sockets.push(socket);
        await once(socket, 'connect');
      }
      // The kernel connects them; Redis counts them as it takes them.
      await eventually(async () => expect(await clients()).toBeGreaterThanOrEqual(before + others));
    },
    /** Disconnects the other clients. */
    leave(): void {
      for (const socket of sockets.splice(0)) socket.destroy();
    },
    /** Ends all other connections, and takes at most `room` in their place. */
    async evict(room: number): Promise<void> {
      await allow(1 + room);
      for (const type of ['normal', 'pubsub']) await client.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
    },
  };
}

type Crowded = Awaited<ReturnType<typeof crowdedRedis>>;
type Member = 'worker' | 'coordinator';

/** Creates members, by kind, and does not start them. */
function members({ url }: Crowded) {
  const common = { redis: url, logger: silent };
  const executors = Object.fromEntries(EXECUTORS.map((alias) => [alias, {}]));
  const worker = new Worker({ ...common, tasks: { ping: () => 'pong' }, executors });
  const coordinator = new Coordinator(common);
  const scheduler = new Scheduler(common);
  onTestFinished(async () => {
    await Promise.all([worker.shutdown({ timeout: 0 }), coordinator.shutdown(), scheduler.shutdown()]);
  });
  const proveServed = async () => {
    const runs = EXECUTORS.map(async (executor) => {
      const run = await scheduler.enqueue('ping', [], { executor });
      expect(await run.result({ timeout: '30s' })).toBe('pong');
    });
    await Promise.all(runs);
  };
  return { worker, coordinator, scheduler, proveServed };
}

/** Waits until the member names all that is not served, with the reason. */
async function expectNamed(member: Worker<never> | Coordinator, least: number): Promise<void> {
  await eventually(() => {
    const { unserved } = member.health();
    expect(unserved.length).toBeGreaterThanOrEqual(least);
    for (const { reason, why } of unserved) {
      expect(reason).toMatch(/^not_(taking|contending|hearing)$/);
      expect(why).toMatch(/maxclients/);
    }
  });
}

async function expectServed(member: Worker<never> | Coordinator): Promise<void> {
  await eventually(() => expect(member.health()).toMatchObject({ status: 'running', unserved: [] }));
}

/** Starts a member that is refused; then the other clients leave. */
async function startsInACrowd(name: Member, room: number): Promise<void> {
  const redis = await crowdedRedis();
  const { worker, coordinator, scheduler, proveServed } = members(redis);
  const [member, other] = name === 'worker' ? [worker, coordinator] : [coordinator, worker];
  await other.start();
  await scheduler.start();
  await redis.crowd(room);
  const before = await redis.clients();
  const starting = member.start();
  await expectNamed(member as Worker<never>, 1);
  redis.leave();
  await starting;
  await expectServed(member as Worker<never>);
  await redis.allow(ROOMY);
  await proveServed();
  if (name !== 'worker') return;
  // Redis notices that the others have left as it reads.
  await eventually(async () => expect((await redis.clients()) - before + 20).toBeLessThanOrEqual(NEEDS.worker + 2));
}

/** The members lose their connections and are then refused. Later there is room. */
async function isEvicted(room: number): Promise<void> {
  const redis = await crowdedRedis();
  const { worker, coordinator, proveServed } = members(redis);
  await Promise.all([worker.start(), coordinator.start()]);
  await eventually(async () => expect(await redis.clients()).toBe(1 + NEEDS.worker + NEEDS.coordinator));
  await redis.evict(room);
  await eventually(() => {
    const all = [...worker.health().unserved, ...coordinator.health().unserved];
    expect(all.map(({ why }) => why).join()).toMatch(/maxclients/);
  });
  await redis.allow(ROOMY);
  await Promise.all([expectServed(worker as Worker<never>), expectServed(coordinator)]);
  await proveServed();
}

const upTo = (count: number) => Array.from({ length: count }, (_, room) => room);

test.each([
  ['a worker starts', upTo(NEEDS.worker), (room: number) => startsInACrowd('worker', room)],
  ['a coordinator starts', upTo(NEEDS.coordinator), (room: number) => startsInACrowd('coordinator', room)],
  ['both lose their connections', upTo(NEEDS.worker + NEEDS.coordinator), isEvicted],
] as const)(
  'where %s and Redis has reached its maxclients, they name what they do not serve, and serve it once there is room',
  async (_, rooms, proven) => {
    for (const room of someOf(rooms, 2)) {
      await proven(room).catch((error: Error) => {
        throw new Error(`room for ${room}: ${error.message}`, { cause: error });
      });
    }
  },
  120_000,
);
