import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConsole, makeToken } from '@carillon/console';
import { listen } from '@carillon/console/node';
import { Scheduler } from 'carillon';
import { pino } from 'pino';
import { Cluster } from './cluster.js';
import { prepareRedis } from './redis.js';

/** An image that is pulled, or a question that is not answered, is not waited for. */
const MAKING_MS = 3_000;

/** All that the demo sets up: a Redis, a folder, the processes, a client. Whatever happens, `clear` removes it. */
export class Stage {
  #undo = [];
  #offset = 0;
  #isCleared = false;
  #making = Promise.resolve();

  /** @param {import('./narrator.js').Narrator} narrator */
  constructor(narrator) {
    this.narrator = narrator;
  }

  async prepare() {
    this.redis = await this.#keep(
      prepareRedis((line) => this.narrator.line(line)),
      (redis) => redis.clear(),
    );
    this.#offset = await this.redis.clockOffset();
    const folder = await this.#keep(mkdtemp(join(tmpdir(), 'carillon-demo-')), (path) =>
      rm(path, { recursive: true, force: true }),
    );
    this.journal = join(folder, 'journal');
    const place = { redis: this.redis.url, prefix: this.redis.prefix, folder, journal: this.journal };
    this.cluster = await this.#keep(new Cluster(place), (cluster) => cluster.close());
    this.#undo.push(() => this.scheduler?.shutdown());
  }

  /** A client of the cluster, in this process. */
  async connect() {
    this.scheduler = new Scheduler({ redis: this.redis.url, prefix: this.redis.prefix });
    await this.scheduler.start();
    return this.scheduler;
  }

  /** A console of the cluster, with a client of its own: it outlives that of the demo. Returns where it is, and the token to log in with. */
  async openConsole() {
    const { redis, prefix } = { redis: this.redis.url, prefix: this.redis.prefix };
    const scheduler = new Scheduler({ redis, prefix, logger: pino({ level: 'silent' }) });
    this.#undo.push(() => scheduler.shutdown());
    const { token, record } = makeToken({ actor: 'demo', role: 'admin' });
    const console = createConsole({ scheduler, auth: { tokens: [record] } });
    const { url } = await this.#keep(listen(console), (one) => one.close());
    return { url, token };
  }

  /** ms, by the clock of Redis. */
  now() {
    return Date.now() + this.#offset;
  }

  /** Sleeps until an instant, unless a process ends that was not asked to. */
  async until(at) {
    await this.unlessFailed(delay(Math.max(0, at - this.now())));
  }

  unlessFailed(promise) {
    return Promise.race([promise, this.cluster.failed]);
  }

  /** When a change was asked for and answered. */
  async timed(change) {
    const asked = this.now();
    await change();
    return { asked, answered: this.now() };
  }

  async clear() {
    this.#isCleared = true;
    // What is just being made would be left behind: it is removed as soon as it is there.
    await Promise.race([this.#making, delay(MAKING_MS)]);
    for (const step of this.#undo.reverse()) await quietly(step);
  }

  #keep(made, remove) {
    const kept = this.#kept(made, remove);
    this.#making = kept.catch(() => {});
    return kept;
  }

  async #kept(made, remove) {
    const thing = await made;
    if (!this.#isCleared) {
      this.#undo.push(() => remove(thing));
      return thing;
    }
    await quietly(() => remove(thing));
    throw new Error('the demo has ended');
  }
}

/** One thing that cannot be removed does not keep the others. */
async function quietly(step) {
  try {
    await step();
  } catch (error) {
    process.stderr.write(`cleaning up: ${error.message}\n`);
  }
}
