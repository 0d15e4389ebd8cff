import type { Redis } from 'ioredis';

/** What another program does to a job store. */
export interface Damage {
  readonly what: string;
  /** The text that must be found afterwards, in its place or in quarantine; null if none must. */
  readonly trace: string | null;
  /** @param base the prefix of the job store's keys. */
  inflict(client: Redis, base: string): Promise<unknown>;
}

const score = (zset: string, value: string, member: string, trace: string | null): Damage => ({
  what: `${zset} says ${value} of ${member}`,
  trace,
  inflict: (client, base) => client.zadd(base + zset, value, member),
});

const field = (hash: string, name: string, value: string, trace: string | null = value): Damage => ({
  what: `${hash} says ${JSON.stringify(value.slice(0, 40))} of ${name}`,
  trace,
  inflict: (client, base) => client.hset(base + hash, name, value),
});

const text = (key: string, value: string, trace: string | null = value): Damage => ({
  what: `${key} is ${JSON.stringify(value)}`,
  trace,
  inflict: (client, base) => client.set(base + key, value),
});

const noText = (n: number) => Buffer.from([0xff, n >> 8, n & 0xff]);

/** Each of them once stopped a leader, or could have. */
export const DAMAGES: readonly Damage[] = [
  score('schedule', 'inf', 'victim', 'it is to fire at'),
  score('schedule', '-inf', 'victim', 'it is to fire at'),
  score('schedule', '-1e300', 'victim', 'it is to fire at'),
  score('schedule', '1.5', 'victim', null),
  score('schedule', '5', 'nobody', 'it has a next run time and no record'),
  field('cursor', 'victim', 'garbage'),
  field('cursor', 'victim', ''),
  field('jobs', 'victim', 'garbage'),
  field('jobs', 'victim', ''),
  field('instances', 'victim', 'garbage'),
  field('instances', 'victim', '-5'),
  field('instances', 'victim', '99999999999999999999'),
  score('outbox', '-inf', 'nobody', '"nobody'),
  score('outbox', 'inf', 'nobody', '"nobody'),
  field('runs', 'nobody', 'garbage'),
  field('bodies', 'nobody', 'garbage', null),
  score('leases', '-inf', 'nobody', null),
  score('leases', 'inf', 'nobody', null),
  field('waiting', 'victim', 'nobody', '"nobody'),
  score('live:victim', '-inf', 'nobody', null),
  field('progress', 'nobody', '{{{'),
  field('last', 'victim', 'garbage'),
  field('last', 'victim', 'x 5 5,garbage 1 0'),
  field('last', 'victim', 'x 5 5,x1+0~5,x99999999999999999999+5*7~1 1 0'),
  field('accounts:limits', 'victim', 'garbage'),
  field('accounts:limits', '', '0 0', null),
  text('accounts:from', 'garbage', null),
  text('accounts:gone', 'garbage'),
  text('account:victim', 'garbage'),
  text('account', 'garbage'),
  text('epoch', 'garbage'),
  text('epoch', 'inf', '"inf'),
  text('epoch', '-1', null),
  text('rev', 'garbage'),
  field('seq', 'job_submitted', 'garbage'),
  field('seq', 'job_executed', '9999999999999999999999'),
  field('coordinators', 'nobody', 'garbage', null),
  score('workers', '-inf', 'nobody', null),
  field('workers:info', 'nobody', '{{', null),
  field('quarantine', 'nobody', '{{'),
  {
    what: 'a foreign entry in the log',
    trace: 'a foreign value',
    inflict: (client, base) => client.xadd(`${base}log`, '*', 'foreign', 'a foreign value'),
  },
  {
    what: 'a log that takes no more entries',
    trace: 'the last one',
    inflict: (client, base) =>
      client.xadd(`${base}log`, '18446744073709551615-18446744073709551615', 'x', 'the last one'),
  },
  ...['schedule', 'outbox', 'leases'].map((zset) => ({
    what: `${zset} begins with 700 members that are not text`,
    trace: '\ufffdff00',
    inflict: (client: Redis, base: string) =>
      client.zadd(base + zset, ...Array.from({ length: 700 }, (_, n) => [n, noText(n)] as const).flat()),
  })),
  {
    what: 'a foreign job in the queue',
    trace: null,
    inflict: (client, base) => client.lpush(`${base}q:default:wait`, 'nobody'),
  },
];

/** Keys whose wrong type stops the job store or is reported. */
export const WRONG_TYPES = [
  'jobs',
  'schedule',
  'cursor',
  'instances',
  'waiting',
  'runs',
  'bodies',
  'leases',
  'outbox',
  'progress',
  'leader',
  'epoch',
  'rev',
  'seq',
  'last',
  'log',
  'workers',
] as const;

/** Returns a generator like mulberry32: the same seed gives the same numbers. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Returns a random damage: a record that is cut, grown, changed in some bits or replaced; or unknown members of a sorted set. */
export function randomDamage(seed: number): Damage {
  const next = numbers(seed);
  return next(4) === 0 ? strangers(seed, next) : spoiltRecord(seed, next);
}

const SCORES = ['-inf', '-1', '0', '0.5', '1e12', '8640000000000001', '1e300', 'inf'];

function strangers(seed: number, next: (below: number) => number): Damage {
  const zset = ['schedule', 'outbox', 'leases', 'live:victim', 'workers'][next(5)] ?? 'schedule';
  const count = 1 + next(200);
  return {
    what: `seed ${seed}: ${count} strangers in ${zset}`,
    trace: null,
    inflict: (client, base) => {
      const bytes = () => Buffer.from(Array.from({ length: 1 + next(20) }, () => next(256)));
      const members = Array.from({ length: count }, () => [SCORES[next(SCORES.length)] ?? '0', bytes()] as const);
      return client.zadd(base + zset, ...members.flat());
    },
  };
}

function spoiltRecord(seed: number, next: (below: number) => number): Damage {
  const hash = ['jobs', 'cursor', 'instances', 'last', 'runs', 'bodies', 'progress', 'waiting'][next(8)] ?? 'jobs';
  const how = ['cut', 'turned', 'replaced', 'grown'][next(4)] ?? 'cut';
  return {
    what: `seed ${seed}: ${hash} of the victim, ${how}`,
    trace: null,
    inflict: async (client, base) => {
      const isOfRuns = hash === 'runs' || hash === 'bodies';
      const fields = isOfRuns ? await client.hkeys(base + hash) : ['victim'];
      const name = fields[next(Math.max(1, fields.length))] ?? 'nobody';
      const bytes = (await client.hgetBuffer(base + hash, name)) ?? Buffer.from('1 1 x {}');
      await client.hset(base + hash, name, spoilt(bytes, how, next));
    },
  };
}

function spoilt(bytes: Buffer, how: string, next: (below: number) => number): Buffer {
  if (how === 'cut') return bytes.subarray(0, next(bytes.length));
  if (how === 'grown') return Buffer.concat([bytes, Buffer.alloc(1 + next(5_000), next(256))]);
  if (how === 'replaced') return Buffer.from(Array.from({ length: next(200) }, () => next(256)));
  const turned = Buffer.from(bytes);
  for (let times = 1 + next(4); times > 0 && turned.length > 0; times--) {
    const at = next(turned.length);
    turned[at] = (turned[at] ?? 0) ^ (1 << next(8));
  }
  return turned;
}
