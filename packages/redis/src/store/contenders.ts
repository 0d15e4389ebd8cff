import { type Contenders, members, type Seen, type Showing, type Shown } from '@carillon/core/internal';
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

  async show({ coordinatorId, aliveMs, number, leads, epoch, born, account, emptied }: Showing): Promise<Seen> {
    const limits = account ? `${account.entries} ${account.ageMs}` : '';
    const args = [
      coordinatorId,
      Math.ceil(aliveMs),
      number,
      leads,
      epoch ?? '',
      born ?? '',
      members(emptied.about),
      limits,
    ];
    const reply = await this.#scripts.run('contend', this.#keys.base, args, { format: 'shows' });
    const bornNow = reply.text();
    const shown: Shown[] = [];
    while (!reply.ended) {
      const one = { coordinatorId: reply.text(), number: reply.number(), leads: reply.number() };
      shown.push({ ...one, isLeader: reply.text() === '1' });
    }
    return { born: bornNow, coordinators: shown };
  }

  async say({ coordinatorId, aliveMs }: Pick<Showing, 'coordinatorId' | 'aliveMs'>): Promise<void> {
    const args = [`coordinator ${coordinatorId}`, Math.ceil(aliveMs)];
    await this.#scripts.run('show_reader', this.#keys.base, args, { format: 'shows' });
  }

  async leave(coordinatorId: string): Promise<void> {
    const { client } = this.#scripts;
    const { coordinators, readers } = this.#keys;
    const left = client.multi().hdel(coordinators, coordinatorId).hdel(readers, `coordinator ${coordinatorId}`);
    await this.#scripts.answered(() => left.exec());
  }
}
