import { z } from 'zod';
import { InvalidOptionsError } from '../errors.js';
import { meantNames } from '../near-name.js';
import { shown } from '../shown.js';
import { addressOf } from './address.js';
import type { RedisOptions } from './options.js';

const host = z.string({ error: 'is not a name of a host' }).min(1, 'is not a name of a host');
const port = z.int({ error: 'is not a port: give 1 to 65535' }).min(1, 'is not a port').max(65_535, 'is not a port');
const db = z
  .int({ error: 'is not a number of a database: give 0 or more' })
  .min(0, 'is not a number of a database')
  .optional();
const text = z.string({ error: 'is not a text' }).optional();
const access = {
  username: text,
  password: text,
  tls: z.custom((value) => typeof value === 'object' && value !== null, 'is not an object of TLS options').optional(),
};
const nodes = z.array(z.strictObject({ host, port })).min(1, 'names no server');

const FORMS = {
  server: z.strictObject({ ...access, host: host.optional(), port: port.optional(), db }),
  sentinels: z.strictObject({
    ...access,
    sentinels: nodes,
    name: z.string({ error: 'is missing: give the name of the group of servers' }),
    sentinelPassword: text,
    db,
  }),
  cluster: z.strictObject({ ...access, cluster: nodes }),
};

/** Where Redis is, as options say it. @throws InvalidOptionsError */
export function checkRedisOptions(redis: unknown): RedisOptions {
  if (typeof redis === 'string') return checkUrl(redis);
  if (typeof redis !== 'object' || redis === null || Array.isArray(redis)) {
    throw new InvalidOptionsError('redis: give a URL such as "redis://localhost:6379", or plain options');
  }
  const form = 'cluster' in redis ? FORMS.cluster : 'sentinels' in redis ? FORMS.sentinels : FORMS.server;
  const checked = form.safeParse(redis, { reportInput: true });
  if (checked.success) return redis as RedisOptions;
  const known = Object.keys(form.shape);
  throw new InvalidOptionsError(`redis: ${checked.error.issues.map((issue) => wrong(issue, known)).join('; ')}`);
}

/** The options that a URL may have. ioredis takes any other one, too, and it replaces what the connections need. */
const OPTIONS_OF_URL = ['family'];

function checkUrl(url: string): string {
  if (!/^rediss?:\/\//.test(url)) {
    throw new InvalidOptionsError(
      `redis: ${JSON.stringify(addressOf(url))} is not a Redis URL such as redis://localhost:6379`,
    );
  }
  // A password that is not escaped may hold any character.
  const [, query = ''] = url.replace(/^.*@/, '').split('?');
  const options = [...new URLSearchParams(query).keys()];
  const unknown = options.filter((name) => !OPTIONS_OF_URL.includes(name));
  if (unknown.length === 0) return url;
  throw new InvalidOptionsError(
    `redis: unknown option ${unknown.join(', ')} in the URL ${JSON.stringify(addressOf(url))}; known is ${OPTIONS_OF_URL.join(', ')}. Give the number of a database as in redis://localhost:6379/2, and \`prefix\` as an option of its own`,
  );
}

function wrong(issue: z.core.$ZodIssue, known: readonly string[]): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const where = path === '' ? '' : ` in ${path}`;
    const names = path === '' ? known : ['host', 'port'];
    return `unknown option ${issue.keys.join(', ')}${where}; known are ${names.join(', ')}${meantNames(issue.keys, names)}`;
  }
  // A password is in no message.
  return /password/i.test(path) ? `${path} ${issue.message}` : `${path} ${shown(issue.input)} ${issue.message}`;
}
