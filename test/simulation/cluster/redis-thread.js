// Calls a job store in Redis for a simulation, which blocks meanwhile: see redis-store.ts. Runs the built packages.
import { workerData } from 'node:worker_threads';
import { FORMATS } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';

const { port, flag, redis, prefix } = workerData;
const MARK = 'mark';

let now = 0;
const backendOf = (formats) =>
  new RedisBackend({ redis, prefix, report: () => {}, fail: 'fast', now: () => now, formats });
const backend = backendOf(FORMATS);
const { client } = backend;
const keys = backend.keys('default');
/** The store as a member of this release sees it; `stores` has those of every release. */
const ours = backend.jobStore('default');
const stores = new Map([[nameOf(FORMATS), ours]]);
function nameOf({ oldest, newest }) {
  return `${oldest}-${newest}`;
}
function storeOf(formats) {
  const name = nameOf(formats);
  const store = stores.get(name) ?? backendOf(formats).jobStore('default');
  stores.set(name, store);
  return store;
}

/** The methods that only read: Redis enforces it for their scripts (`flags=no-writes`). */
const READS = new Set([
  'due',
  'events',
  'history',
  'inspect',
  'list',
  'liveRuns',
  'read',
  'runs',
  'suspects',
  'upcoming',
]);

/** The keys of a store without any job or run. This file makes `op:` last and writes `q:`. */
const OF_STORE = new Set([
  ...['accounts', 'failures'],
  ...['born', 'coordinators', 'epoch', 'format', 'leader', 'led', 'log', 'op', 'q', 'readers', 'rev', 'seq', 'workers'],
  // Quarantined jobs stay until an operator handles them. The auditor checks that only jobs that could not be planned are there.
  'quarantine',
]);

/** Reads all that the auditor looks at, at one instant. It also publishes a mark after the messages so far, and makes an answer last. */
const LOOK = `
local function key(name) return KEYS[1] .. name end
local runs = redis.call('HGETALL', key('runs'))
for i = 2, #runs, 2 do runs[i] = runs[i]:match('^[^\\n]*\\n[^\\n]*\\n[^\\n]*') end
local life = ARGV[2] == '' and 0 or redis.call('PTTL', key('op:') .. ARGV[2])
if life > 0 then redis.call('PERSIST', key('op:') .. ARGV[2]) end
redis.call('PUBLISH', key('${MARK}'), ARGV[1])
local live = {}
for _, name in ipairs(redis.call('KEYS', key('live:') .. '*')) do
  live[#live + 1] = name:sub(#key('live:') + 1)
  live[#live + 1] = redis.call('ZRANGE', name, 0, -1, 'WITHSCORES')
end
local function sorted(name) return redis.call('ZRANGE', key(name), 0, -1, 'WITHSCORES') end
return {
  redis.call('EXISTS', key('paused')), life, redis.call('XRANGE', key('log'), '(' .. ARGV[3], '+'),
  sorted('schedule'), redis.call('HGETALL', key('instances')), runs, sorted('outbox'), sorted('leases'),
  redis.call('HGETALL', key('waiting')), live, sorted('held'), redis.call('HKEYS', key('bodies')),
  redis.call('HKEYS', key('progress')),
}`;

/** The parts of its answer after the first three. */
const LOOKED_AT = [
  ...['schedule', 'instances', 'runs', 'outbox', 'leases', 'waiting', 'live', 'held', 'bodies', 'progress'],
];

const subscriber = client.duplicate();
let published = [];
let marks = 0;
let onMark = () => {};
subscriber.on('pmessage', (_, name, message) => {
  const channel = name.slice(keys.base.length);
  if (channel === MARK) onMark();
  else published.push([channel, message]);
});
const subscribed = subscriber.psubscribe(`${keys.base}*`);

/** Until when answers to calls are kept, by the clock of the simulation. */
const answers = new Map();
const known = new Set();
let logged = '0-0';
let heldLock = null;
let finished = 0;

const questions = { begin, call, left };
port.on('message', async ({ kind, ...question }) => {
  let answer;
  try {
    await subscribed;
    answer = await questions[kind](question);
  } catch (error) {
    answer = { fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
  port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});

/** Empties the store. */
async function begin() {
  const names = await client.keys(`*${prefix}*`);
  if (names.length > 0) await client.del(...names);
  answers.clear();
  [logged, heldLock, finished] = ['0-0', null, 0];
  return {};
}

/** Returns the method's answer, the messages published meanwhile and the store's contents (null if nothing can have changed). */
async function call({ role, name, params, at, lock, delivery, formats }) {
  now = at;
  await surround(lock, delivery);
  const store = storeOf(formats);
  const method = store[role][name].bind(store[role]);
  try {
    return await made(role, name, params, method, store === ours);
  } catch (error) {
    if (error.code !== 'FORMAT_TOO_NEW') throw error;
    return { answer: null, published: [], look: null, refused: { format: error.format, reads: error.reads } };
  }
}

/** @param isOurs whether the call uses the same connection as the look. */
async function made(role, name, params, method, isOurs) {
  if (READS.has(name)) return { answer: await method(params), published: [], look: null };
  published = [];
  const op = params?.op ?? '';
  // Several roles may have a method of this name, each with a script of its own.
  const called = `${role}.${name}`;
  // Sends both at once, as they arrive in order. But the first call of a method may have to load its script, which takes two round
  // trips. A put has two scripts: one of them runs even when Redis is full.
  const [answer, look] =
    known.has(called) && name !== 'put' && isOurs
      ? await Promise.all([method(params), lookAt(op)])
      : [await method(params), await lookAt(op)];
  known.add(called);
  return { answer, published, look };
}

/** Returns the keys without an expiry that are left of jobs and runs when there are none any more. */
async function left() {
  const names = await client.keys(`${keys.base}*`);
  const lives = await Promise.all(names.map((name) => client.pttl(name)));
  const lasting = names.filter((_, index) => lives[index] < 0).map((name) => name.slice(keys.base.length));
  return { left: lasting.filter((name) => name !== 'account' && !OF_STORE.has(name.split(':')[0])) };
}

/** Sets up what the scripts read but do not write: the lock and BullMQ's record of a delivery. Drops the answers that are too old. */
async function surround(lock, delivery) {
  const asked = [];
  if (lock !== heldLock) asked.push(lock === null ? client.del(keys.leader) : client.set(keys.leader, lock));
  heldLock = lock;
  if (delivery) {
    const key = `${keys.queues}:${delivery.executor}:${delivery.id}`;
    // A finished delivery is gone from BullMQ, or remains for a while.
    if (!delivery.isQueued) finished += 1;
    if (delivery.isQueued) asked.push(client.hset(key, 'name', 'run'));
    else asked.push(finished % 2 ? client.hset(key, 'finishedOn', now) : client.del(key));
  }
  for (const [op, until] of answers) {
    if (until > now) continue;
    answers.delete(op);
    asked.push(client.del(keys.op + op));
  }
  await Promise.all(asked);
}

async function lookAt(op) {
  marks += 1;
  const marked = new Promise((resolve) => {
    onMark = resolve;
  });
  const [paused, life, entries, ...found] = await client.eval(LOOK, 1, keys.base, marks, op, logged);
  await marked;
  // Rounds up to a second: part of its life may have passed already.
  if (life > 0) answers.set(op, now + Math.ceil(life / 1_000) * 1_000);
  logged = entries.at(-1)?.[0] ?? logged;
  const looked = Object.fromEntries(LOOKED_AT.map((name, index) => [name, found[index]]));
  return { paused: paused === 1, ...looked, log: entries };
}
