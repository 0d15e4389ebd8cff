import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UnexpectedReplyError } from '../errors.js';
import type { RedisClient } from './connection.js';

/** The scripts, by the names of their files in `lua/`. */
const NAMES = [
  'announce',
  'begin_term',
  'claim',
  'deliver',
  'delivered',
  'due',
  'end_term',
  'hand_back',
  'heartbeat',
  'inspect',
  'join',
  'list',
  'lose_workers',
  'pause',
  'put',
  'quarantine',
  'read',
  'reap',
  'refuse',
  'settle',
  'start',
  'submit',
  'suspects',
] as const;
export type ScriptName = (typeof NAMES)[number];

const SCRIPTS = Object.fromEntries(
  NAMES.map((name) => {
    const source = readFileSync(new URL(`../../lua/${name}.lua`, import.meta.url), 'utf8');
    return [name, { source, sha: createHash('sha1').update(source).digest('hex') }];
  }),
) as Record<ScriptName, { readonly source: string; readonly sha: string }>;

export type ScriptArgument = string | number;

/** Runs a script, loading it where the server does not have it. Rejects with what the client says. */
export async function runScript(
  client: RedisClient,
  name: ScriptName,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  const { source, sha } = SCRIPTS[name];
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(source, keys.length, ...keys, ...args);
  }
}

/** Reads a script's reply item by item, checking each. */
export class Reply {
  readonly #script: ScriptName;
  readonly #items: readonly unknown[];
  #next = 0;

  constructor(script: ScriptName, reply: unknown) {
    this.#script = script;
    this.#items = Array.isArray(reply) ? reply : [reply];
  }

  get ended(): boolean {
    return this.#next >= this.#items.length;
  }

  /** The rest of the reply holds at least one more item. */
  text(): string {
    return this.textOrNull() ?? this.#fail('a text');
  }

  textOrNull(): string | null {
    const item = this.#items[this.#next++] ?? null;
    if (item === null || typeof item === 'string') return item;
    return typeof item === 'number' ? String(item) : this.#fail('a text');
  }

  number(): number {
    return this.numberOrNull() ?? this.#fail('a number');
  }

  numberOrNull(): number | null {
    const text = this.textOrNull();
    if (text === null) return null;
    const number = Number(text);
    return text !== '' && Number.isFinite(number) ? number : this.#fail('a number');
  }

  oneOf<const T extends string>(...allowed: readonly T[]): T {
    const text = this.text();
    return allowed.find((one) => one === text) ?? this.#fail(allowed.join(' or '));
  }

  #fail(wanted: string): never {
    const item = JSON.stringify(this.#items[this.#next - 1] ?? null).slice(0, 80);
    throw new UnexpectedReplyError(`script ${this.#script}: item ${this.#next} of the reply is ${item}, not ${wanted}`);
  }
}
