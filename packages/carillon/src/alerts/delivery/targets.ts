import { createHash } from 'node:crypto';
import { type Clock, durationInUnit, inTime } from '@carillon/core/internal';
import type { CheckedSettings } from '../check.js';
import { sendRequest } from '../http/request.js';
import type { Lane, Ping, Queued } from './queue.js';
import { sendWebhook } from './webhook.js';

/** A function that takes longer, ms, is called again. */
const FUNCTION_MS = 30_000;
const PING_MS = 10_000;
const PATHS = { start: '/start', success: '', fail: '/fail' } as const;

/** The lane of pings to a URL. The URL may be a secret, so it is not stored. */
export function heartbeatLane(url: URL): Lane {
  const digest = createHash('sha256').update(url.href).digest('hex').slice(0, 16);
  return { target: `heartbeat:${digest}`, rule: '-' };
}

/** All targets of notifications and pings. */
export class Targets {
  readonly #settings: CheckedSettings;
  readonly #clock: Clock;
  readonly #heartbeats: ReadonlyMap<string, URL>;

  constructor(settings: CheckedSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#heartbeats = new Map(settings.heartbeats.map(({ url }) => [heartbeatLane(url).target, url]));
  }

  /** Whether there is a target of that name. */
  has({ target }: Lane): boolean {
    return Object.hasOwn(this.#settings.targets, target) || this.#heartbeats.has(target);
  }

  /** @throws Error that says why the target did not accept it */
  async send({ target }: Lane, { id, what }: Queued, signal: AbortSignal): Promise<void> {
    if ('ping' in what) return this.#ping(target, what, signal);
    const given = this.#settings.targets[target];
    if (typeof given === 'function') {
      const answer = Promise.resolve().then(async () => void (await given(what)));
      return inTime(
        this.#clock,
        FUNCTION_MS,
        answer,
        () => new Error(`no answer within ${durationInUnit(FUNCTION_MS)}`),
      );
    }
    const { allowHosts } = this.#settings;
    if (given) await sendWebhook(given, { id, notification: what, allowHosts, signal });
  }

  /** Pings a URL to report that the job store has a leader. */
  async alive(url: URL, signal: AbortSignal): Promise<void> {
    const { allowHosts } = this.#settings;
    await sendRequest({ url, method: 'POST', body: '', timeoutMs: PING_MS, allowHosts, signal });
  }

  async #ping(target: string, { ping, text }: Ping, signal: AbortSignal): Promise<void> {
    const base = this.#heartbeats.get(target);
    if (!base) return;
    const url = new URL(base);
    url.pathname = url.pathname.replace(/\/$/, '') + PATHS[ping];
    const { allowHosts } = this.#settings;
    await sendRequest({ url, method: 'POST', body: text, timeoutMs: PING_MS, allowHosts, signal });
  }
}
