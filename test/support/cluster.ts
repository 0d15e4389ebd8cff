import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Coordinator, type CoordinatorHealth, type CoordinatorSettings } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import type { WorkerSettings } from '@carillon/worker';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { test as base, expect } from 'vitest';
import { keysOf } from '../../packages/redis/src/store/keys.js';
import { ask } from './ask.js';
import { eventually } from './eventually.js';
import { Journal } from './journal.js';
import { ownPrefix, redisUrl } from './redis.js';
import { type Program, ServerProcess } from './server-process.js';

/** The place of one test's cluster, and its running parts. */
export interface Place {
  readonly redis: string;
  readonly prefix: string;
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  readonly started: ServerProcess[];
  readonly coordinators: Coordinator[];
}

/** Runs coordinators and workers in their own processes; none of them outlives its test. */
export const test = base.extend<{ place: Place; ownRedis: RedisServer; placeOnOwnRedis: Place }>({
  place: async ({ onTestFailed }, use) => {
    await withPlace(redisUrl(), onTestFailed, use);
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it which fixtures are needed
  ownRedis: async ({}, use) => {
    const redis = await startRedis({ appendOnly: 'always' });
    await use(redis);
    await redis.stop();
  },
  placeOnOwnRedis: async ({ ownRedis, onTestFailed }, use) => {
    await withPlace(ownRedis.url, onTestFailed, use);
  },
});

/** Logs nothing: errors show in the results of calls. */
const silent = defaultLogger();
silent.level = 'silent';

async function withPlace(
  redis: string,
  onTestFailed: (tell: () => void) => void,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'carillon-journal-'));
  const prefix = ownPrefix();
  const scheduler = new Scheduler({ redis, prefix, logger: silent });
  const started: ServerProcess[] = [];
  const coordinators: Coordinator[] = [];
  onTestFailed(() => {
    for (const { id, output } of started) if (output !== '') console.error(`output of ${id}:\n${output}`);
  });
  await use({ redis, prefix, scheduler, journal: new Journal(join(dir, 'journal')), started, coordinators });
  await Promise.all([...started.map(kill9), ...coordinators.map((coordinator) => coordinator.shutdown())]);
  await scheduler.shutdown();
  await rm(dir, { recursive: true });
}

type OwnWorkerSettings = Omit<WorkerSettings<object>, 'tasks'>;

export function startCoordinator(place: Place, settings?: CoordinatorSettings): Promise<ServerProcess> {
  return launchCoordinator(place, settings).ready();
}

/** Starts a coordinator in this process, for tests that leave it alone: a process takes half a second of processor time to start. */
export async function coordinateHere({ redis, prefix, coordinators }: Place): Promise<void> {
  const coordinator = new Coordinator({ redis, prefix, logger: silent });
  coordinators.push(coordinator);
  await coordinator.start();
}

export function startWorker(place: Place, settings?: OwnWorkerSettings): Promise<ServerProcess> {
  return launchWorker(place, settings).ready();
}

export interface Cluster {
  readonly workers: readonly [ServerProcess, ServerProcess];
}

/** Starts two workers with the same settings, and a coordinator in this process. */
export async function startCluster(place: Place, settings?: OwnWorkerSettings): Promise<Cluster> {
  const starting = [startWorker(place, settings), startWorker(place, settings)] as const;
  const [one, other] = await Promise.all([...starting, coordinateHere(place)]);
  return { workers: [one, other] };
}

/** Expects that each of these workers, and no other, ran calls to their end. */
export function expectShared({ journal }: Place, workers: readonly ServerProcess[]): void {
  expect(journal.workers).toEqual(workers.map(({ id }) => id).sort());
}

/** Starts a coordinator process, which may not be ready yet. */
export function launchCoordinator(place: Place, settings: CoordinatorSettings = {}): ServerProcess {
  return launch(place, 'coordinator', settings);
}

export function launchWorker(place: Place, settings: OwnWorkerSettings = {}): ServerProcess {
  return launch(place, 'worker', { ...settings, journal: place.journal.path });
}

/** Starts a process that writes the ids of the events it receives to a file, one per line. */
export function startListener(
  place: Place,
  file: string,
  since: { readonly sinceMs: number } | { readonly sinceId: string },
): Promise<ServerProcess> {
  return launch(place, 'listener', { file, ...since }).ready();
}

function launch({ redis, prefix, started }: Place, program: Program, settings: object): ServerProcess {
  const server = new ServerProcess(program, { redis, prefix, ...settings });
  started.push(server);
  return server;
}

/** Kills a process, and resolves once it has ended. */
export async function kill9(server: ServerProcess): Promise<void> {
  server.signal('SIGKILL');
  await server.ended;
}

/** Shuts a server down as an operator does. It must then end by itself, with exit code 0. */
export async function terminate(server: ServerProcess, limitMs = 120_000): Promise<void> {
  server.signal('SIGTERM');
  expect(await server.ending(limitMs)).toEqual({ code: 0, signal: null });
}

export interface Leader {
  readonly server: ServerProcess;
  readonly epoch: number;
}

/** Resolves once exactly one of these coordinators reports that it leads. */
export function leaderOf(coordinators: readonly ServerProcess[], limitMs?: number): Promise<Leader> {
  return eventually(async () => {
    const leaders: Leader[] = [];
    for (const server of coordinators) {
      const { jobStores } = await server.health<CoordinatorHealth>();
      const epoch = jobStores.default?.epoch ?? null;
      if (epoch !== null) leaders.push({ server, epoch });
    }
    expect(leaders).toHaveLength(1);
    return leaders[0] as Leader;
  }, limitMs);
}

/** Resolves once no run is owed; rejects if data of runs is left at that time. */
export async function settled(place: Place, limitMs?: number, jobStore = 'default'): Promise<void> {
  const keys = keysOf(place.prefix, jobStore);
  const count = (command: string, key: string) => ask(place.redis, [command, key]).then(Number);
  await eventually(async () => expect(await count('HLEN', keys.runs)).toBe(0), limitMs);
  expect({
    instances: await count('HLEN', keys.instances),
    bodies: await count('HLEN', keys.bodies),
    leases: await count('ZCARD', keys.leases),
    outbox: await count('ZCARD', keys.outbox),
  }).toEqual({ instances: 0, bodies: 0, leases: 0, outbox: 0 });
}

/** Resolves once no job is left to fire and no run is owed. */
export async function finished(place: Place, limitMs?: number, jobStore = 'default'): Promise<void> {
  const { jobs } = keysOf(place.prefix, jobStore);
  await eventually(async () => expect(await ask(place.redis, ['HLEN', jobs])).toBe('0'), limitMs);
  await settled(place, limitMs, jobStore);
}
