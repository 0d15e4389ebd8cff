import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { UnexpectedReplyError } from '@carillon/core';
import type { Command } from 'ioredis';
import type { RedisClient } from '../connection/connection.js';
import { assemble } from './assemble.js';
import { type ScriptArgument, ScriptCall } from './script-call.js';

/** The scripts, by the names of their files in `lua/`. */
const NAMES = [
  'account',
  'add',
  'add_one',
  'alerts',
  'announce',
  'assign',
  'begin_term',
  'cancel',
  'claim',
  'confirm_queued',
  'contend',
  'due',
  'due_instants',
  'end_term',
  'every_job',
  'find',
  'forget_quarantined',
  'gone_jobs',
  'hand_back',
  'heartbeat',
  'hold',
  'hold_alerts',
  'inspect',
  'join',
  'keep_alerts',
  'leave',
  'list',
  'live_runs',
  'lose_workers',
  'measure',
  'note_task',
  'outbox',
  'pause',
  'progress',
  'put',
  'quarantine_jobs',
  'quarantine_runs',
  'quarantined',
  'read',
  'reap',
  'recent',
  'refuse',
  'register',
  'restore_job',
  'restore_runs',
  'retry_runs',
  'runs',
  'serving',
  'settle',
  'show_reader',
  'silence_alerts',
  'start',
  'store_account',
  'submit',
  'suspects',
  'upcoming',
] as const;
export type ScriptName = (typeof NAMES)[number];

/** The files as they were when this process began: if a release replaces them later, the scripts of this process stay the same. */
const FILES = new Map([...NAMES, ...partPaths()].map((path) => [path, readLua(path)]));

interface Script {
  readonly source: string;
  readonly sha: string;
}

const SCRIPTS = new Map<ScriptName, Script>();
/** The same for calls that free memory, or stop what fills it: Redis runs them even when it is full. */
const SCRIPTS_WHEN_FULL = new Map<ScriptName, Script>();

/** Returns a script, which is assembled when it is first called: each process loads this file, and few call all scripts. */
function scriptOf(name: ScriptName, evenWhenFull: boolean): Script {
  const known = evenWhenFull ? SCRIPTS_WHEN_FULL : SCRIPTS;
  const found = known.get(name);
  if (found) return found;
  const plain = assemble(luaOf(name), (part) => luaOf(`lib/${part}`));
  const source = evenWhenFull ? plain.replace(/^#!lua\n/, '#!lua flags=allow-oom\n') : plain;
  const script = { source, sha: createHash('sha1').update(source).digest('hex') };
  known.set(name, script);
  return script;
}

function luaOf(path: string): string {
  return FILES.get(path) ?? readLua(path);
}

function partPaths(): readonly string[] {
  const files = readdirSync(new URL('../../lua/lib/', import.meta.url));
  return files.filter((file) => file.endsWith('.lua')).map((file) => `lib/${file.slice(0, -'.lua'.length)}`);
}

function readLua(path: string): string {
  return readFileSync(new URL(`../../lua/${path}.lua`, import.meta.url), 'utf8');
}

/**
 * Runs a script on the job store whose keys begin with `base`. Loads the script if the server does not have it. Rejects with the
 * error of the client. Keeps no argument while it waits for the reply.
 * @param evenWhenFull whether Redis is to run it even when it has reached its `maxmemory`.
 */
export function runScript(
  client: RedisClient,
  name: ScriptName,
  base: string,
  args: readonly ScriptArgument[],
  evenWhenFull = false,
): Promise<unknown> {
  const script = scriptOf(name, evenWhenFull);
  return answerTo(client, script, new ScriptCall(script.sha, base, args));
}

async function answerTo(client: RedisClient, { source, sha }: Script, call: ScriptCall): Promise<unknown> {
  const send = (command: Command) => client.sendCommand(command) as Promise<unknown>;
  try {
    return await send(call.byDigest());
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const whole = () => send(call.bySource(source));
  const loads = loadsOf(client);
  const first = loads.get(sha);
  if (!first) {
    const load = whole().finally(() => loads.delete(sha));
    loads.set(sha, load);
    return load;
  }
  await first.catch(() => {});
  return send(call.byDigest()).catch((error) => {
    // The other call failed, or it was on another server of a cluster.
    if (!isMissing(error)) throw error;
    return whole();
  });
}

/** By the script's digest, the call that is loading it. Other calls that find it missing wait for that call, because sources are long. */
const loading = new WeakMap<RedisClient, Map<string, Promise<unknown>>>();

function loadsOf(client: RedisClient): Map<string, Promise<unknown>> {
  const known = loading.get(client) ?? new Map<string, Promise<unknown>>();
  loading.set(client, known);
  return known;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** Reads a script's reply item by item, and checks each item. */
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

  /** Returns the next item as a text. Throws if there is none, or if it is not a text or a number. */
  text(): string {
    return this.textOrNull() ?? this.#fail('a text');
  }

  /** Returns the next item as a text, and stays before it; `''` if there is none. */
  peek(): string {
    return String(this.#items[this.#next] ?? '');
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

  /** Returns an instant of a sorted set, ms; null for an infinite one, which another program wrote. */
  instantOrNull(): number | null {
    if (!/^[+-]?inf$/.test(this.peek())) return this.numberOrNull();
    this.#next += 1;
    return null;
  }

  oneOf<const T extends string>(...allowed: readonly T[]): T {
    const text = this.text();
    return allowed.find((one) => one === text) ?? this.#fail(allowed.join(' or '));
  }

  oneOfOrNull<const T extends string>(...allowed: readonly T[]): T | null {
    const text = this.textOrNull();
    if (text === null) return null;
    return allowed.find((one) => one === text) ?? this.#fail(allowed.join(' or '));
  }

  /** Returns several of these words, from one text with a blank between them. */
  words<const T extends string>(...allowed: readonly T[]): readonly T[] {
    const text = this.text();
    const words = text === '' ? [] : text.split(' ');
    return words.map((word) => allowed.find((one) => one === word) ?? this.#fail(`words of ${allowed.join(', ')}`));
  }

  /** Returns the texts of a JSON array. */
  jsonTexts(): readonly string[] {
    const texts = parsed(this.text());
    const isTexts = Array.isArray(texts) && texts.every((one) => typeof one === 'string');
    return isTexts ? texts : this.#fail('a JSON array of texts');
  }

  #fail(wanted: string): never {
    const item = JSON.stringify(this.#items[this.#next - 1] ?? null).slice(0, 80);
    throw new UnexpectedReplyError(`script ${this.#script}: item ${this.#next} of the reply is ${item}, not ${wanted}`);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
