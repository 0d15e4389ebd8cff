import { Carillon, interval } from 'carillon';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownPrefix } from '../support/redis.js';

// The test stops its container itself, and needs no second container for that.
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';

/** Without a container engine, this test alone is skipped, and its name says so. */
const hasEngine = await getContainerRuntimeClient().then(
  () => true,
  () => false,
);

let container: StartedTestContainer | undefined;

beforeAll(async () => {
  if (!hasEngine) return;
  container = await new GenericContainer('redis:7.4-alpine')
    .withCommand(['redis-server', '--save', '', '--maxmemory-policy', 'noeviction'])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
});

afterAll(async () => {
  await container?.stop();
});

test.skipIf(!hasEngine)('a job fires on Redis in a container', async () => {
  const redis = `redis://${container?.getHost()}:${container?.getMappedPort(6379)}`;
  const ran: number[] = [];
  const carillon = new Carillon({ redis, prefix: ownPrefix(), tasks: { count: () => ran.push(Date.now()) } });
  await carillon.start();
  try {
    const executed = new Promise<unknown>((resolve) => {
      let events = 0;
      void carillon.addListener(() => {
        events += 1;
        if (events === 3) resolve(events);
      }, ['job_executed']);
    });
    await carillon.addJob({ id: 'count', task: 'count', trigger: interval('100ms') });
    await executed;
    expect(ran.length).toBeGreaterThanOrEqual(3);
  } finally {
    await carillon.shutdown();
  }
});
