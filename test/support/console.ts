import { type Console, type ConsoleOptions, createConsole, type Identity } from '@carillon/console';
import { Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { checkAnswer, checkRequest } from './openapi.js';

const ADMIN: Identity = { actor: 'ann', role: 'admin' };

/** A console on a cluster in memory, in which nothing becomes due by itself unless `realTime` is set. */
export interface ConsoleInMemory {
  readonly console: Console;
  readonly scheduler: Scheduler;
  readonly cluster: MemoryCluster;
  readonly clock: VirtualClock;
  /** Sends a request as `more.as`, and checks the request and its answer against the API's document. */
  ask(method: string, path: string, body?: unknown, more?: Asked): Promise<Reported>;
}

interface Asked {
  readonly as?: Identity | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is wrong on purpose: its form is not checked. */
  readonly wrong?: boolean;
}

/** An answer of the console. */
interface Reported {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what is in it
  readonly body: any;
}

export function consoleInMemory(
  settings: Partial<ConsoleOptions> & { readonly jobStores?: readonly string[]; readonly realTime?: boolean } = {},
): ConsoleInMemory {
  const { jobStores, realTime = false, ...options } = settings;
  const clock = new VirtualClock(new Date('2026-03-27T12:00:00Z'));
  const cluster = new MemoryCluster(realTime ? {} : { clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), jobStores });
  let identity: Identity | null = ADMIN;
  const console = createConsole({ scheduler, auth: () => identity, ...options });
  return {
    console,
    scheduler,
    cluster,
    clock,
    async ask(method, path, body, { as = ADMIN, headers = {}, wrong = false } = {}) {
      identity = as;
      const own = method === 'GET' ? {} : { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
      if (!wrong) checkRequest(method, path, body);
      const response = await console.fetch(
        new Request(`http://console.test/${path}`, {
          method,
          headers: { ...own, ...headers },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      );
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      const reported = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
      checkAnswer(method, path, reported);
      return reported;
    },
  };
}
