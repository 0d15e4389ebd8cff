import type { AlertRecords, HeldAlerts, HoldParams, KeptAlerts, StoredSilence } from '@carillon/core/internal';
import type { Keys } from './keys.js';
import type { ScriptRunner } from './script-runner.js';

/** What a job store in Redis keeps for alerts. */
export class RedisAlertRecords implements AlertRecords {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;

  constructor(scripts: ScriptRunner, keys: Keys) {
    this.#scripts = scripts;
    this.#keys = keys;
  }

  async hold({ watcherId, forMs }: HoldParams): Promise<HeldAlerts> {
    const reply = await this.#scripts.run('hold_alerts', this.#keys.base, [watcherId, Math.ceil(forMs)]);
    const holds = reply.number() === 1;
    const silences: StoredSilence[] = [];
    while (!reply.ended) silences.push(silenceOf(reply.text(), reply.text()));
    return { holds, silences };
  }

  async keep({ watcherId, fields }: Parameters<AlertRecords['keep']>[0]): Promise<boolean> {
    const args = [...fields].flat();
    return (await this.#scripts.run('keep_alerts', this.#keys.base, [watcherId, ...args])).number() === 1;
  }

  async read(): Promise<KeptAlerts> {
    const reply = await this.#scripts.run('alerts', this.#keys.base, []);
    const now = reply.number();
    const silences = Array.from({ length: reply.number() }, () => silenceOf(reply.text(), reply.text()));
    const fields = new Map<string, string>();
    while (!reply.ended) fields.set(reply.text(), reply.text());
    return { now, fields, silences };
  }

  async silence({ id, silence }: Parameters<AlertRecords['silence']>[0]): Promise<void> {
    const value = silence ? `${Math.ceil(silence.until)} ${silence.json}` : '';
    await this.#scripts.run('silence_alerts', this.#keys.base, [id, value]);
  }
}

function silenceOf(id: string, value: string): StoredSilence {
  const [, until = '0', json = ''] = /^(\d+) ?(.*)$/s.exec(value) ?? [];
  return { id, until: Number(until), json };
}
