import { ConnectionError } from '@carillon/core';
import { expect, test } from 'vitest';
import { OutageLog } from '../../../../packages/core/src/outage-log/outage-log.js';
import type { Connection } from '../../../../packages/core/src/outage-log/redis-health.js';
import { ManualClock } from '../../../support/manual-clock.js';

const REFUSED = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const LATE = new ConnectionError('Redis at r:1 did not answer', {
  redis: 'redis://r:1',
  cause: new Error('Command timed out'),
});

function setUp() {
  const clock = new ManualClock();
  const said: string[] = [];
  const outages = new OutageLog(({ redis, ...line }) => {
    const rest = line.kind === 'redis_lost' ? line.cause : `${line.goneMs / 1_000} s`;
    said.push(`${redis} ${line.kind.replace('redis_', '')}: ${rest}`);
  }, clock);
  const connect = (redis = 'redis://r:1', answered?: () => Promise<void>) => {
    const connection: Connection = { redis, answered };
    const change = (to: 'pending' | 'up' | 'ended' | Error) =>
      outages.changed(connection, to instanceof Error ? { error: to } : to);
    change('pending');
    change('up');
    return change;
  };
  return { clock, said, outages, connect };
}

/** A connection that can be asked. It answers when the test calls `answer`. */
function asked() {
  let answer = () => {};
  let times = 0;
  const answered = () => {
    times += 1;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  };
  return { answered, answer: () => answer(), times: () => times };
}

test('many connections to one Redis are one outage, until the last one is back; none of them has timers left', async () => {
  const { clock, said, connect } = setUp();
  // The same Redis as a URL, with another database, in plain options, and without the usual port.
  const changes = ['redis://r:6379', 'redis://r:6379/3', 'r:6379', 'redis://r'].map((redis) => connect(redis));
  for (const change of changes) change('pending');
  for (let attempt = 0; attempt < 3; attempt++) for (const change of changes) change(REFUSED);
  await clock.advance(12_000);
  const [first, ...others] = changes;
  for (const change of others) change('up');
  await clock.advance(3_000);
  first?.('up');
  await clock.advance(60_000);
  const r = 'r:6379';
  expect(said).toEqual([`${r} lost: the connection was refused (ECONNREFUSED)`, `${r} gone: 10 s`, `${r} back: 15 s`]);
  expect(clock.timers).toBe(0);
});

test('each Redis has outages of its own', async () => {
  const { clock, said, connect } = setUp();
  const [one, other] = [connect('redis://one:1'), connect('redis://other:1')];
  one(REFUSED);
  await clock.advance(1_000);
  other(REFUSED);
  one('up');
  await clock.advance(1_000);
  other('up');
  expect(said.map((line) => line.replace(/ the .*/, ''))).toEqual([
    'one:1 lost:',
    'other:1 lost:',
    'one:1 back: 1 s',
    'other:1 back: 1 s',
  ]);
});

test('a connection that is lost and made again within 3 s is not missed; one that is not made for longer is', async () => {
  const { clock, said, connect } = setUp();
  const change = connect();
  change('pending');
  await clock.advance(2_900);
  change('up');
  await clock.advance(60_000);
  expect(said).toEqual([]);
  change('pending');
  await clock.advance(4_000);
  change('up');
  expect(said).toEqual(['r:1 lost: no connection was made within 3 s', 'r:1 back: 1 s']);
});

test('a member that leaves while Redis is gone logs nothing more of it, and has no timers', async () => {
  const { clock, said, connect } = setUp();
  const [one, other] = [connect(), connect()];
  one(REFUSED);
  one('ended');
  // The other one is connected: for the member that is left, Redis is back.
  await clock.advance(30_000);
  other(REFUSED);
  other('ended');
  await clock.advance(60_000);
  expect(said.map((line) => line.replace(/: .*/, ''))).toEqual(['r:1 lost', 'r:1 back', 'r:1 lost']);
  expect(clock.timers).toBe(0);
});

test('calls that fail on connections that stand: each connection is asked, and Redis is back once all have answered', async () => {
  const { clock, said, outages, connect } = setUp();
  const connections = [asked(), asked()];
  for (const { answered } of connections) connect('redis://r:1', answered);
  const waiting = connect();
  waiting('up');
  for (let call = 0; call < 5; call++) {
    expect(outages.failed('redis://r:1', LATE)).toBe(true);
    await clock.advance(1_000);
  }
  expect(connections.map(({ times }) => times())).toEqual([1, 1]);
  connections[0]?.answer();
  await clock.advance(0);
  await clock.advance(6_000);
  connections[1]?.answer();
  await clock.advance(0);
  await clock.advance(60_000);
  expect(said).toEqual(['r:1 lost: no answer in time', 'r:1 gone: 10 s', 'r:1 back: 11 s']);
});

test('one that was asked and is lost is waited for until it is made again', async () => {
  const { clock, said, outages, connect } = setUp();
  const connection = asked();
  const change = connect('redis://r:1', connection.answered);
  outages.failed('redis://r:1', LATE);
  change('pending');
  connection.answer();
  await clock.advance(0);
  await clock.advance(2_500);
  expect(said).toEqual(['r:1 lost: no answer in time']);
  change('up');
  await clock.advance(2_000);
  expect(said).toEqual(['r:1 lost: no answer in time', 'r:1 back: 2.5 s']);
});

test('a call that fails before its connection is made is as good as its error', async () => {
  const { clock, said, outages } = setUp();
  const connection: Connection = { redis: 'redis://r:1' };
  outages.changed(connection, 'pending');
  expect(outages.failed('redis://r:1', LATE)).toBe(true);
  await clock.advance(2_000);
  outages.changed(connection, 'up');
  await clock.advance(2_000);
  expect(said).toEqual(['r:1 lost: no answer in time', 'r:1 back: 2 s']);
});

test('what fails just after Redis is back had begun before, whether or not a connection is made again meanwhile', async () => {
  const { clock, said, outages, connect } = setUp();
  const [one, other] = [connect(), connect()];
  one(REFUSED);
  one('up');
  other('pending');
  expect(outages.failed('redis://r:1', LATE)).toBe(true);
  await clock.advance(100);
  other('up');
  expect(outages.failed('redis://r:1', LATE)).toBe(true);
  await clock.advance(10_000);
  expect(said).toEqual(['r:1 lost: the connection was refused (ECONNREFUSED)', 'r:1 back: 0 s']);
});

test('an error that does not name its Redis belongs to the only one, or to an outage that is known', () => {
  const one = setUp();
  one.connect();
  expect(one.outages.failed(undefined, REFUSED)).toBe(true);
  expect(one.said).toEqual(['r:1 lost: the connection was refused (ECONNREFUSED)']);

  const two = setUp();
  const change = two.connect('redis://one:1');
  two.connect('redis://other:1');
  expect(two.outages.failed(undefined, REFUSED)).toBe(false);
  change(REFUSED);
  expect(two.outages.failed(undefined, REFUSED)).toBe(true);
  expect(two.said).toHaveLength(1);
});

test('what fails as it was closed here, or has no connection here, is not an outage', () => {
  const { said, outages, connect } = setUp();
  expect(outages.failed('redis://r:1', LATE)).toBe(false);
  const change = connect();
  const closed = new Error('Connection is closed.');
  expect(outages.failed('redis://r:1', closed)).toBe(false);
  expect(said).toEqual([]);
  change(REFUSED);
  expect(outages.failed('redis://r:1', closed)).toBe(true);
  expect(said).toHaveLength(1);
});
