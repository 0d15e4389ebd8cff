import { readdirSync, readFileSync } from 'node:fs';
import { MemoryCluster, type Step, VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { adding, newRun, op } from '../../support/contract-records.js';

const clusterOf = (seed?: string) => {
  const clock = new VirtualClock(new Date(0));
  return { clock, cluster: new MemoryCluster({ clock, seed }) };
};
const putting = (id: string) => ({ op: op(), readAt: 0, changes: [adding(id, null)] });

test('users of a cluster share all that it holds; one that closes ends alone', async () => {
  const { cluster } = clusterOf();
  const [one, other] = [cluster.connect(), cluster.connect()];
  await one.jobStore('default').records.put(putting('a'));
  await one.close();
  await expect(one.connect()).rejects.toMatchObject({ code: 'CONNECTION' });
  expect((await other.jobStore('default').records.read(['a'])).jobs).toMatchObject([{ id: 'a' }]);
  expect((await other.jobStore('elsewhere').records.read(['a'])).jobs).toEqual([null]);
});

test('job stores are known while a member says so', async () => {
  const { cluster } = clusterOf();
  const backend = cluster.connect();
  await backend.jobStore('a').records.register(true);
  await backend.jobStore('b').records.register(true);
  await backend.jobStore('a').records.register(false);
  expect(cluster.jobStores).toEqual(['b']);
});

test('one that is killed is not answered, has no timers, and hears nothing', async () => {
  const { clock, cluster } = clusterOf();
  const [killed, other] = [cluster.connect(), cluster.connect()];
  const reported: string[] = [];
  await killed.eventBus('default').subscribe('wakeup', () => reported.push('woken'));
  killed.clock.after(5, () => reported.push('timer'));
  other.clock.after(5, () => reported.push("another's timer"));
  const asked = killed.jobStore('default').records.put(putting('a'));
  killed.kill();
  void asked.then(
    () => reported.push('answered'),
    () => reported.push('refused'),
  );
  await other.jobStore('default').records.submit({ op: op(), run: newRun('r', null) });
  await clock.advance(10);
  expect(reported).toEqual(["another's timer"]);
  expect((await other.jobStore('default').records.read(['a'])).jobs).toEqual([null]);
});

test('each call can be watched, failed or cut off before and after it takes effect', async () => {
  const { cluster } = clusterOf();
  const steps: Step[] = [];
  let fail: Step['at'] | undefined;
  const onStep = (step: Step) => {
    steps.push(step);
    if (step.call === 'put' && step.at === fail) throw new Error(`the ${step.at} was lost`);
  };
  const { records } = cluster.connect({ onStep }).jobStore('default');
  fail = 'request';
  await expect(records.put(putting('lost'))).rejects.toThrow('the request was lost');
  fail = 'reply';
  await expect(records.put(putting('written'))).rejects.toThrow('the reply was lost');
  expect((await records.read(['lost', 'written'])).jobs).toMatchObject([null, { id: 'written' }]);
  expect(steps.map(({ call, at }) => `${call} ${at}`)).toEqual([
    'put request',
    'put request',
    'put reply',
    'read request',
    'read reply',
  ]);
});

test('ids come from the seed, and no two users have the same', () => {
  const ids = (seed: string) => {
    const { cluster } = clusterOf(seed);
    const users = [cluster.connect(), cluster.connect()];
    return users.flatMap(({ chance }) => [chance.id(), chance.id(), chance.id()]);
  };
  expect(ids('one')).toEqual(ids('one'));
  expect(new Set([...ids('one'), ...ids('two')]).size).toBe(12);
  for (const id of ids('one')) expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
});

test('no time and no chance gets in but by the ports', () => {
  const folder = new URL('../../../packages/core/src/memory/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  // Except for the file that waits for work in real time.
  const ofPorts = files.filter((name) => name !== 'real-work.ts');
  expect(files.length).toBeGreaterThan(20);
  const guilty = ofPorts.filter((name) =>
    /Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random|performance|randomBytes|randomUUID/.test(
      readFileSync(new URL(name, folder), 'utf8'),
    ),
  );
  expect(guilty).toEqual([]);
});
