import { z } from 'zod';
import type { CheckedSettings } from './check.js';
import { DeliveryQueue, type Ping, queuedSchema } from './delivery/queue.js';
import { heartbeatLane } from './delivery/targets.js';
import { Kept, type Section } from './kept.js';
import type { AlertNotification } from './notification.js';
import { alertOf, type OpenAlert } from './open-alert.js';
import { openAlertSchema } from './open-alert-schema.js';
import { isSilenced, type Silence } from './silence.js';
import type { Subject, Verdict } from './verdict.js';

/** The most open alerts of one job store: each takes about 500 bytes. */
const MOST_OPEN = 10_000;
const MOST_PINGS = 100;
/** The most characters of an error that a ping contains. */
const PING_TEXT = 1_000;

type Bad = Extract<Verdict, { readonly isBad: true }>;
type Good = Extract<Verdict, { readonly isBad: false }>;

/** The kept state of the alerts of one job store, with the operations that open and close an alert. */
export class AlertBook {
  readonly kept: Kept;
  readonly queue: DeliveryQueue;
  /** How many executions in a row failed, by subject. */
  readonly failures: Section<number>;
  /** Since when a condition has been true, ms, by rule and subject. */
  readonly since: Section<number>;
  /** Since when jobs that never succeeded are known, ms. */
  readonly firstSeen: Section<number>;
  /** By rule: when the last audit was, and where the next audit begins, ms. */
  readonly audits: Section<{ readonly at: number; readonly from: number }>;
  /** The position up to which the log was read, under `at`. */
  readonly position: Section<{ readonly id: string } | { readonly before: number }>;
  readonly #open: Section<OpenAlert>;
  readonly #jobStore: string;
  readonly #settings: CheckedSettings;
  readonly #newId: () => string;

  constructor(fields: ReadonlyMap<string, string>, jobStore: string, settings: CheckedSettings, newId: () => string) {
    this.kept = new Kept(fields);
    this.#jobStore = jobStore;
    this.#settings = settings;
    this.#newId = newId;
    this.#open = this.kept.section('open', openAlertSchema);
    this.failures = this.kept.section('failures', z.int().min(1));
    this.since = this.kept.section('since', z.int());
    this.firstSeen = this.kept.section('seen', z.int());
    this.audits = this.kept.section('audit', z.object({ at: z.int(), from: z.int() }));
    this.position = this.kept.section('log', z.union([z.object({ id: z.string() }), z.object({ before: z.int() })]));
    this.queue = new DeliveryQueue(this.kept.section('queue', queuedSchema), settings.maxQueued);
  }

  get open(): readonly OpenAlert[] {
    return this.#open.entries().map(([, alert]) => alert);
  }

  get(rule: string, { key }: Pick<Subject, 'key'>): OpenAlert | undefined {
    return this.#open.get(`${rule} ${key}`);
  }

  /** Opens an alert and returns it; undefined if it is open already, or there is no room. */
  openBy(
    { rule: name, subject, at, runId }: Bad,
    reason: { readonly why: string; readonly code: string | null },
    silences: readonly Silence[],
  ): OpenAlert | undefined {
    const rule = this.#settings.rules.find((one) => one.name === name);
    if (!rule || this.get(name, subject) || this.#open.size >= MOST_OPEN) return undefined;
    const alert: OpenAlert = {
      ...{ id: this.#newId(), rule: name, when: rule.when, subject, runId, openedAt: at, ...reason },
      notified: [],
    };
    this.#open.set(`${name} ${subject.key}`, alert);
    this.announce(alert, silences, at);
    return alert;
  }

  closeBy({ rule, subject, at, because }: Good): OpenAlert | undefined {
    const alert = this.get(rule, subject);
    if (alert) this.close(alert, at, because);
    return alert;
  }

  /** Called when the job store was emptied: its jobs and runs are gone, and so is this state in it. */
  emptied(at: number): void {
    for (const alert of this.open) {
      const { jobId, task } = alert.subject;
      if (jobId !== null || task !== null) this.close(alert, at, 'Redis was emptied: its jobs and runs are gone');
    }
    for (const section of [this.failures, this.firstSeen, this.audits])
      for (const [key] of section.entries()) section.delete(key);
    this.kept.writeAll();
  }

  /** Closes an alert. If it was never announced, targets are not notified. */
  close(alert: OpenAlert, at: number, because: string): void {
    this.#open.delete(`${alert.rule} ${alert.subject.key}`);
    const timestamp = new Date(at).toISOString();
    const data = { ...this.alertOf(alert), closedAt: timestamp, because };
    this.notify(alert.notified, alert.rule, `${alert.id}.closed`, at, { type: 'alert.closed', timestamp, data });
  }

  /** Notifies the targets of its rule of an open alert, unless it is silenced or was announced. */
  announce(alert: OpenAlert, silences: readonly Silence[], now: number): void {
    if (alert.notified.length > 0 || isSilenced(alert, silences, now)) return;
    const all = Object.keys(this.#settings.targets);
    const notified = [...(this.#settings.rules.find(({ name }) => name === alert.rule)?.to ?? all)];
    if (notified.length === 0) return;
    this.#open.set(`${alert.rule} ${alert.subject.key}`, { ...alert, notified });
    const timestamp = new Date(alert.openedAt).toISOString();
    this.notify(notified, alert.rule, `${alert.id}.opened`, now, {
      type: 'alert.opened',
      timestamp,
      data: this.alertOf(alert),
    });
  }

  notify(targets: readonly string[], rule: string, id: string, at: number, what: AlertNotification): void {
    for (const target of targets) this.queue.add({ target, rule }, { id, at, what }, this.#jobStore);
  }

  /** Returns whether an older ping was dropped. */
  ping(url: URL, at: number, ping: Ping['ping'], text = ''): boolean {
    const what = { ping, text: text.slice(0, PING_TEXT) };
    return this.queue.addPing(heartbeatLane(url), { id: this.#newId(), at, what }, MOST_PINGS);
  }

  alertOf(alert: OpenAlert) {
    return alertOf(alert, this.#jobStore, this.#settings.link);
  }
}
