import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, interval, Scheduler } from '@carillon/core';
import { currentRun, Worker } from '@carillon/worker';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';
import { ownPrefix, redisUrl } from '../support/redis.js';
import { anything, FUZZ_TIMEOUT_MS, runs } from './arbitraries.js';

/** Returns a value as JSON, as another program may have queued it. */
const jsonOf = (value: unknown) => {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return 'null';
  }
};

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given)),
  anything.map((value) => Buffer.from(jsonOf(value))),
  fc
    .constantFrom(
      '',
      'cancel',
      'cancel ',
      'cancel nobody',
      'cancel  ',
      'heir',
      'heir ',
      'leader ',
      'NaN',
      '-1',
      '1e999',
    )
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom('x'.repeat(1_000_000), '['.repeat(50_000), '{"v":1,"seq":1,"type":"job_executed"}')
    .map((text) => Buffer.from(text)),
);

const messages = fc.array(
  fc.tuple(
    fc.constantFrom('control', 'wakeup', 'events:job_executed', 'events:leader_elected', 'events:nothing', 'events:'),
    bytes,
  ),
  { minLength: 5, maxLength: 20 },
);

/** Starts a cluster with a task that goes on until `end` is called, and a listener to all events. */
async function atWork() {
  const [redis, prefix] = [redisUrl(), ownPrefix()];
  const common = { redis, prefix, logger: silent };
  const heard: CarillonEvent[] = [];
  let fired = 0;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const tasks = {
    patient: async () => {
      const { signal } = currentRun();
      await ended;
      return signal.aborted ? 'aborted' : 'as it was';
    },
    fire: () => {
      fired += 1;
    },
  };
  const coordinator = new Coordinator(common);
  const worker = new Worker({ ...common, tasks });
  const scheduler = new Scheduler(common);
  const client = new Redis(redis);
  onTestFinished(async () => {
    end();
    await Promise.all([coordinator.shutdown(), worker.shutdown(), scheduler.shutdown()]);
    client.disconnect();
  });
  await Promise.all([coordinator.start(), worker.start()]);
  await scheduler.addListener((event) => void heard.push(event));
  const publish = (channel: string, message: Buffer) => client.publish(`{${prefix}:default}:${channel}`, message);
  const push = (id: string, job: Record<string, string | Buffer>) =>
    client
      .multi()
      .hset(`{${prefix}:default}:q:default:${id}`, job)
      .lpush(`{${prefix}:default}:q:default:wait`, id)
      .zadd(`{${prefix}:default}:q:default:marker`, 0, '0')
      .exec();
  async function fires() {
    const before = fired;
    await eventually(() => expect(fired).toBeGreaterThan(before + 1));
  }
  return { scheduler, heard, end, publish, push, fires, fired: () => fired };
}

test(
  'messages of any kind on its channels abort no run, wake no leader wrongly, and are reported to no listener',
  async () => {
    const { scheduler, heard, end, publish, fires } = await atWork();
    await scheduler.addJob({ id: 'fire', task: 'fire', trigger: interval({ milliseconds: 50 }), maxInstances: 3 });
    const patient = await scheduler.enqueue('patient');
    await fires();
    const types = new Set<string>();
    await fc.assert(
      fc.asyncProperty(messages, async (given) => {
        for (const [channel, message] of given) await publish(channel, message);
        await fires();
      }),
      runs(20),
    );
    for (const { type, seq, at, jobStore } of heard) {
      types.add(type);
      expect([Number.isSafeInteger(seq), at instanceof Date, jobStore]).toEqual([true, true, 'default']);
    }
    // The listener received only events that the cluster numbered, each once.
    const executed = heard.filter(({ type }) => type === 'job_executed').map(({ seq }) => seq);
    expect(executed).toEqual([...new Set(executed)]);
    expect([...types]).toContain('job_executed');
    end();
    expect(await patient.result({ timeout: '20s' })).toBe('as it was');
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'jobs of others in its queue run nothing, never come back, and block no other',
  async () => {
    const { scheduler, push, fires, fired } = await atWork();
    let pushed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(bytes, anything), { minLength: 1, maxLength: 10 }), async (jobs) => {
        const before = fired();
        for (const [name, data] of jobs) {
          pushed += 1;
          await push(`foreign-${pushed}`, { name, data: jsonOf(data), opts: '{}', timestamp: '1', attempts: '1' });
        }
        await scheduler.enqueue('fire').then((run) => run.result({ timeout: '2m' }));
        expect(fired()).toBe(before + 1);
      }),
      runs(15),
    );
    await scheduler.addJob({ id: 'fire', task: 'fire', trigger: interval({ milliseconds: 50 }) });
    await fires();
  },
  FUZZ_TIMEOUT_MS,
);
