import { type By, InvalidOptionsError } from '@carillon/core';
import { type AlertRecords, BY_OPTIONS, type Chance, checkBy, checkNames, instantOf } from '@carillon/core/internal';
import type { Alert } from './notification.js';
import { alertOf } from './open-alert.js';
import { openAlertSchema } from './open-alert-schema.js';
import { isSilenced, type Silence, silenceOf } from './silence.js';

/** The alerts that are silenced, and until when. Members that are left out match all alerts. */
export interface SilenceOptions extends By {
  readonly rule?: string | readonly string[] | undefined;
  readonly job?: string | readonly string[] | undefined;
  readonly task?: string | readonly string[] | undefined;
  readonly executor?: string | readonly string[] | undefined;
  readonly until: Date | string;
}

/** An open alert. */
export interface ListedAlert extends Alert {
  /** Whether the alert is silenced, so that no target is notified of it. */
  readonly silenced: boolean;
}

const PATTERNS = ['rule', 'job', 'task', 'executor'] as const;
/** Each is read every few seconds. */
const MOST_SILENCES = 1_000;

/** The open alerts and the silences of a job store, for people. */
export class AlertStore {
  readonly #jobStore: string;
  readonly #records: AlertRecords;
  readonly #chance: Chance;
  readonly #link: string | undefined;

  constructor(store: { readonly alias: string; readonly alerts: AlertRecords }, chance: Chance, link?: string) {
    this.#jobStore = store.alias;
    this.#records = store.alerts;
    this.#chance = chance;
    this.#link = link;
  }

  /** Oldest first. */
  async alerts(): Promise<readonly ListedAlert[]> {
    const { now, fields, silences: stored } = await this.#records.read();
    const silences = stored.flatMap((one) => silenceOf(this.#jobStore, one) ?? []);
    const alerts = [...fields].flatMap(([field, text]) => {
      const { data } = field.startsWith('open ') ? openAlertSchema.safeParse(JSON.parse(text)) : {};
      return data ? [{ ...alertOf(data, this.#jobStore, this.#link), silenced: isSilenced(data, silences, now) }] : [];
    });
    return alerts.sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
  }

  /** Sorted by their end, the earliest first. */
  async silences(): Promise<readonly Silence[]> {
    const { silences } = await this.#records.read();
    const found = silences.flatMap((one) => silenceOf(this.#jobStore, one) ?? []);
    return found.sort((one, other) => one.until.getTime() - other.until.getTime());
  }

  /** @throws InvalidOptionsError */
  async silence(options: SilenceOptions): Promise<Silence> {
    checkNames(options, [...PATTERNS, 'until', ...BY_OPTIONS], 'silence');
    const { until: given, actor, reason } = options;
    const patterns = PATTERNS.flatMap((name) => {
      const value: unknown = options[name];
      return value === undefined ? [] : [[name, checkPatterns(name, value)] as const];
    });
    const until = checkUntil(given);
    const by = checkBy({ actor, reason }, 'silence');
    const { now, silences } = await this.#records.read();
    if (until <= now) throw new InvalidOptionsError(`silence: until ${new Date(until).toISOString()} is past`);
    if (silences.length >= MOST_SILENCES) {
      throw new InvalidOptionsError(`silence: there are already ${silences.length} silences: end some with unsilence`);
    }
    const id = this.#chance.id();
    const silence = { until, json: JSON.stringify({ ...Object.fromEntries(patterns), ...by }) };
    await this.#records.silence({ id, silence });
    return { ...Object.fromEntries(patterns), ...by, id, jobStore: this.#jobStore, until: new Date(until) };
  }

  /** Ends a silence. Returns whether there was one. */
  async unsilence(id: string): Promise<boolean> {
    const isThere = (await this.#records.read()).silences.some((silence) => silence.id === id);
    if (isThere) await this.#records.silence({ id, silence: null });
    return isThere;
  }
}

function checkPatterns(name: string, value: unknown): readonly string[] {
  const patterns: unknown[] = [value].flat();
  const areTexts = patterns.every((one) => typeof one === 'string' && one !== '' && one.length <= 200);
  if (areTexts && patterns.length > 0) return patterns as string[];
  throw new InvalidOptionsError(`silence: ${name} is neither a pattern such as "daily-*", nor a list of some`);
}

function checkUntil(until: unknown): number {
  const ms = until instanceof Date ? until.getTime() : typeof until === 'string' ? instantOf(until) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidOptionsError(
    'silence: until is neither a Date nor an instant with its offset, such as "2026-03-29T09:00:00Z"',
  );
}
