import type { Contenders, Seen, Showing, Shown } from '../ports/contenders.js';
import type { Keys } from './keys.js';
import type { ScriptRunner } from './script-runner.js';

/** The coordinators of a job store in Redis. */
export class RedisContenders implements Contenders {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;

  constructor(scripts: ScriptRunner, keys: Keys) {
    this.#scripts = scripts;
    this.#keys = keys;
  }

  async show({ coordinatorId, aliveMs, number, leads, epoch, born, emptied }: Showing): Promise<Seen> {
    const args = [coordinatorId, Math.ceil(aliveMs), number, leads, epoch ?? '', born ?? '', emptied.body];
    const reply = await this.#scripts.run('contend', this.#keys.base, args);
    const bornNow = reply.text();
    const shown: Shown[] = [];
    while (!reply.ended) {
      const one = { coordinatorId: reply.text(), number: reply.number(), leads: reply.number() };
      shown.push({ ...one, isLeader: reply.text() === '1' });
    }
    return { born: bornNow, coordinators: shown };
  }

  async leave(coordinatorId: string): Promise<void> {
    const { client } = this.#scripts;
    await this.#scripts.answered(() => client.hdel(this.#keys.coordinators, coordinatorId));
  }
}
