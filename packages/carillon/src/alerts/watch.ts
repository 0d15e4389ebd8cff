import type { AuditReport, CarillonEvent, Scheduler } from '@carillon/core';
import { type Backend, type EventPage, errorInfo, type JobStore } from '@carillon/core/internal';
import type { Logger } from 'pino';
import { AlertBook } from './alert-book.js';
import type { CheckedSettings, RuleOf } from './check.js';
import { Deliverer } from './delivery/deliverer.js';
import type { Queued } from './delivery/queue.js';
import { Targets } from './delivery/targets.js';
import { JobCache } from './facts/job-cache.js';
import { lookOf } from './facts/look.js';
import { lostEvents } from './facts/lost-events.js';
import { Successes } from './facts/successes.js';
import { UnstartedRuns } from './facts/unstarted-runs.js';
import { wantedEvents } from './facts/wanted-events.js';
import { isAbout, isAmong, plainNames } from './pattern.js';
import { judgeAudit, nextAuditFrom } from './rules/audit.js';
import { failuresAfter, judgeEvent } from './rules/events.js';
import { judgeLook } from './rules/looks.js';
import type { Silence } from './silence.js';
import { type Subject, subjectOf, type Verdict } from './verdict.js';
import { whyOf } from './why.js';

const EVENTS_AT_ONCE = 500;
const PAGES_AT_ONCE = 20;
const LOOK_EVERY_MS = 5_000;
/** In one turn, so long is spent on explanations, ms: a thousand jobs that fail together wait for no more. */
const EXPLAINING_MS = 3_000;
const PING_GIVE_UP_MS = 3_600_000;
/** So many subjects that fail are counted. */
const MOST_FAILING = 20_000;
const MOST_NOTED = 10_000;

export interface WatchParts {
  readonly store: JobStore;
  readonly scheduler: Scheduler;
  readonly backend: Backend;
  /** Names this process. */
  readonly watcherId: string;
  /** With the rules that are about this job store. */
  readonly settings: CheckedSettings;
  readonly logger: Logger;
  /** Of notifications that this process has delivered and may not have written: they are not delivered again. */
  readonly delivered: Set<string>;
}

/** One process that watches a job store, from when it got the place until it loses it. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #book: AlertBook;
  readonly #targets: Targets;
  readonly #deliverer: Deliverer;
  readonly #jobs: JobCache;
  readonly #unstarted: UnstartedRuns;
  readonly #successes: Successes;
  readonly #stop = new AbortController();
  readonly #pinged = new Map<string, number>();
  readonly #audited: { readonly rule: RuleOf<'audit_gap'>; readonly report: AuditReport }[] = [];
  #auditing: Promise<void> | undefined;
  #silences: readonly Silence[] = [];
  /** How far the store's clock is ahead of this process' one, ms. */
  #aheadMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #explainUntil = 0;
  /** How many alerts there was no room for, since the last look. */
  #leftOut = 0;
  #toldLeftOut = false;
  #toldGap = '';
  #writing: Promise<void> = Promise.resolve();
  /** Why this cannot go on: what is kept has to be read again. */
  #fault: unknown;

  private constructor(parts: WatchParts, fields: ReadonlyMap<string, string>, now: number) {
    const { settings, store, backend, logger } = parts;
    const { records, alias } = store;
    this.#parts = parts;
    this.#aheadMs = now - backend.clock.now();
    this.#book = new AlertBook(fields, alias, settings, () => backend.chance.id());
    this.#targets = new Targets(settings, backend.clock);
    this.#jobs = new JobCache(records);
    this.#unstarted = new UnstartedRuns(records, this.#jobs);
    const rules = settings.rules.filter((rule) => rule.when === 'no_success');
    this.#successes = new Successes({ records, rules, jobs: this.#jobs, firstSeen: this.#book.firstSeen });
    this.#deliverer = new Deliverer({
      ...{ jobStore: alias, queue: this.#book.queue, clock: backend.clock, logger, now: () => this.now },
      send: (lane, queued, signal) => this.#targets.send(lane, queued, signal),
      delivered: (key, { id }) => this.#note(`${key} ${id}`),
      changed: () => void this.#keep().catch(() => {}),
      giveUpMs: ({ what }: Queued) => ('ping' in what ? PING_GIVE_UP_MS : settings.giveUpAfter),
    });
  }

  /** Reads what is kept, and what there is. */
  static async begin(parts: WatchParts): Promise<Watch> {
    const { now, fields } = await parts.store.alerts.read();
    const watch = new Watch(parts, fields, now);
    watch.#settle(now);
    if (!watch.#book.position.get('at')) watch.#book.position.set('at', { before: now });
    await watch.#load();
    return watch;
  }

  /** The store's time, as far as it is known. */
  get now(): number {
    return Math.floor(this.#parts.backend.clock.now() + this.#aheadMs);
  }

  /** Reads what happened, looks at the store now and then, and writes what follows. Answers whether there is more to read. */
  async turn(silences: readonly Silence[]): Promise<boolean> {
    const { clock } = this.#parts.backend;
    this.#silences = silences;
    this.#explainUntil = clock.now() + EXPLAINING_MS;
    let isMore = true;
    for (let pages = 0; pages < PAGES_AT_ONCE && isMore && !this.#stop.signal.aborted; pages++) {
      isMore = await this.#readPage();
      await this.#keep();
    }
    if (!isMore && clock.now() - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#lookedAt = clock.now();
      await this.#look();
      await this.#keep();
    }
    this.#deliverer.pump();
    return isMore;
  }

  /** Ends what is under way, and writes what was delivered. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#deliverer.stop();
    await this.#keep().catch(() => {});
  }

  /** What the settings have no more is let go of. */
  #settle(now: number): void {
    const { settings, logger, store, delivered } = this.#parts;
    const names = settings.rules.map(({ name }) => name);
    for (const alert of this.#book.open) {
      if (!names.includes(alert.rule)) this.#book.close(alert, now, 'the rule was removed');
    }
    const { queue } = this.#book;
    for (const lane of queue.lanes) {
      const isGone = !this.#targets.has(lane);
      if (isGone)
        logger.warn(
          { jobStore: store.alias, ...lane, count: queue.lengthOf(lane) },
          'a target was removed: what waited for it is dropped',
        );
      for (const [key, { id }] of queue.entriesOf(lane)) {
        if (isGone || delivered.has(`${key} ${id}`)) queue.remove(lane, key);
      }
    }
  }

  async #load(): Promise<void> {
    const { settings, logger, store } = this.#parts;
    if (settings.rules.some(({ when }) => when === 'late')) await this.#unstarted.load();
    await this.#successes.load();
    const { left } = this.#successes;
    if (left > 0)
      logger.error({ jobStore: store.alias, left }, 'rules of no_success are about too many jobs: some are left out');
  }

  async #readPage(): Promise<boolean> {
    const { records } = this.#parts.store;
    const after = this.#book.position.get('at') ?? { before: this.now };
    const page = await records.events({ after, limit: EVENTS_AT_ONCE });
    const events = wantedEvents(page.events);
    if (page.gap && this.#toldGap !== JSON.stringify(after)) await this.#gap(after, page);
    await this.#readJobs(events);
    for (const event of events) await this.#see(event);
    const last = page.events.at(-1);
    if (last) this.#book.position.set('at', { id: last.id });
    return page.events.length >= EVENTS_AT_ONCE;
  }

  async #readJobs(events: readonly CarillonEvent[]): Promise<void> {
    const ids = events.flatMap((event) => ('jobId' in event ? (event.jobId ?? []) : []));
    for (const event of events) if (CHANGES.has(event.type) && 'jobId' in event) this.#jobs.forget(event.jobId ?? '');
    await this.#jobs.load(ids);
  }

  async #see(event: CarillonEvent): Promise<void> {
    if (!('jobId' in event)) return;
    const { rules } = this.#parts.settings;
    const job = event.jobId === null ? null : this.#jobs.get(event.jobId);
    const task = 'task' in event ? event.task : (job?.task ?? null);
    const subject = subjectOf({ jobId: event.jobId, task, executor: job?.executor ?? null });
    const failures = this.#countFailures(subject, event);
    const begun = this.#unstarted.see(event);
    const began = begun ? { fireTime: begun.fireTime, lateMs: event.at.getTime() - begun.dueAt } : null;
    await this.#apply(judgeEvent(rules, event, { subject, failures, began }));
    this.#successes.see(event);
    this.#heartbeats(event);
  }

  #countFailures(subject: Subject, event: CarillonEvent): number {
    const { failures } = this.#book;
    const before = failures.get(subject.key) ?? 0;
    const after = failuresAfter(before, event);
    const isCounted = (rule: CheckedSettings['rules'][number]) => rule.when === 'failed' && isAbout(rule, subject);
    if (after === 0) failures.delete(subject.key);
    else if (before > 0 || (failures.size < MOST_FAILING && this.#parts.settings.rules.some(isCounted)))
      failures.set(subject.key, after);
    return after;
  }

  #heartbeats(event: CarillonEvent): void {
    if (!('jobId' in event) || event.jobId === null) return;
    const at = event.at.getTime();
    for (const { job, url } of this.#parts.settings.heartbeats) {
      if (!isAmong(job, event.jobId)) continue;
      if (event.type === 'job_started') this.#book.ping(url, at, 'start');
      if (event.type === 'job_executed') this.#book.ping(url, at, 'success');
      if (event.type === 'job_error') this.#book.ping(url, at, 'fail', `${event.error.name}: ${event.error.message}`);
    }
  }

  /** The log was cut before it was read: what can be known of that time is. */
  async #gap(after: { readonly id: string } | { readonly before: number }, page: EventPage): Promise<void> {
    const { logger, store, settings } = this.#parts;
    this.#toldGap = JSON.stringify(after);
    const from = 'id' in after ? Number.parseInt(after.id, 10) : after.before;
    const to = Number.parseInt(page.events[0]?.id ?? String(this.now), 10);
    const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    logger.error(
      { jobStore: store.alias, ...times },
      'events were not read, as the log did not go back so far: alerts may be missing',
    );
    const why = 'the log of events did not go back so far';
    const data = { jobStore: store.alias, ...times, why };
    const notice = { type: 'alerts.gap', timestamp: times.to, data } as const;
    this.#book.notify(Object.keys(settings.targets), '-', `gap.${store.alias}.${from}`, to, notice);
    const failing = this.#book.failures.entries().flatMap(([key]) => (key.startsWith('job ') ? key.slice(4) : []));
    const { errors, recovered } = await lostEvents(store.records, from, to, failing);
    for (const jobId of recovered) this.#recovered(jobId, to);
    await this.#readJobs(errors);
    for (const event of errors) await this.#see(event);
    await this.#load();
  }

  #recovered(jobId: string, at: number): void {
    const { key } = subjectOf({ jobId, task: null, executor: null });
    this.#book.failures.delete(key);
    for (const alert of this.#book.open) {
      if (alert.when === 'failed' && alert.subject.key === key) this.#book.close(alert, at, 'it ended well since');
    }
  }

  async #look(): Promise<void> {
    const { store, settings, backend } = this.#parts;
    const known = [
      ...settings.rules.flatMap((rule) => (rule.when === 'no_workers' ? plainNames(rule.executor) : [])),
      ...this.#book.open.flatMap(({ when, subject }) => (when === 'no_workers' ? (subject.executor ?? []) : [])),
      ...this.#book.since.entries().flatMap(([key]) => / executor (.*)$/.exec(key)?.[1] ?? []),
    ];
    const measure = await store.records.measure({ jobs: 0, executors: [...new Set(known)] });
    this.#aheadMs = measure.now - backend.clock.now();
    const delays = settings.rules.flatMap((rule) => (rule.when === 'late' ? rule.by : []));
    const unstarted = delays.length > 0 ? await this.#unstarted.dueBefore(measure.now - Math.min(...delays)) : [];
    const look = lookOf(measure, { unstarted, unsuccessful: this.#successes.all });
    await this.#apply(judgeLook(settings.rules, look, this.#book.since));
    await this.#auditWhereDue(measure.now);
    for (const alert of this.#book.open) this.#book.announce(alert, this.#silences, measure.now);
    if (look.isLed) this.#sayAlive();
    this.#tellLeftOut();
  }

  async #auditWhereDue(now: number): Promise<void> {
    for (const { rule, report } of this.#audited.splice(0)) {
      const open = this.#book.open.filter((alert) => alert.rule === rule.name).map(({ subject }) => subject);
      await this.#apply(judgeAudit(rule, report, open));
      this.#book.audits.set(rule.name, { at: now, from: nextAuditFrom(report) });
    }
    if (this.#auditing) return;
    for (const rule of this.#parts.settings.rules) {
      if (rule.when !== 'audit_gap' || now - (this.#book.audits.get(rule.name)?.at ?? 0) < rule.every) continue;
      this.#auditing = this.#audit(rule).finally(() => {
        this.#auditing = undefined;
      });
      return;
    }
  }

  /** It can take long where there are many jobs: nothing waits for it. */
  async #audit(rule: RuleOf<'audit_gap'>): Promise<void> {
    const { scheduler, store, logger } = this.#parts;
    const from = this.#book.audits.get(rule.name)?.from;
    const period = from === undefined ? {} : { from: new Date(from) };
    try {
      this.#audited.push({ rule, report: await scheduler.audit({ ...period, jobStore: store.alias }) });
    } catch (error) {
      logger.warn(
        { jobStore: store.alias, rule: rule.name, reason: errorInfo(error).message },
        'an audit failed; trying again',
      );
    }
  }

  #sayAlive(): void {
    const { settings, logger, store, backend } = this.#parts;
    const now = backend.clock.now();
    for (const { url, every } of settings.alive) {
      if (now - (this.#pinged.get(url.href) ?? Number.NEGATIVE_INFINITY) < every) continue;
      this.#pinged.set(url.href, now);
      this.#targets.alive(url, this.#stop.signal).catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        // Shown without its path, which may be a secret.
        logger.warn(
          { jobStore: store.alias, host: url.host, reason: errorInfo(error).message },
          'a heartbeat URL did not take a ping',
        );
      });
    }
  }

  async #apply(verdicts: readonly Verdict[]): Promise<void> {
    const { scheduler, store, backend, logger } = this.#parts;
    for (const verdict of verdicts) {
      const isOpen = this.#book.get(verdict.rule, verdict.subject) !== undefined;
      if (verdict.isBad === isOpen) continue;
      if (!verdict.isBad) {
        const closed = this.#book.closeBy(verdict);
        if (closed)
          logger.info(
            { jobStore: store.alias, rule: closed.rule, about: closed.subject.key, because: verdict.because },
            'alert closed',
          );
        continue;
      }
      const isTime = backend.clock.now() < this.#explainUntil;
      const told = isTime
        ? await whyOf(verdict, scheduler, store.alias, backend.clock)
        : { why: verdict.why, code: null };
      const opened = this.#book.openBy(verdict, told, this.#silences);
      const about = { jobStore: store.alias, rule: verdict.rule, about: verdict.subject.key };
      if (opened) logger.warn({ ...about, why: opened.why }, 'alert opened');
      else this.#leftOut += 1;
    }
  }

  #tellLeftOut(): void {
    const count = this.#leftOut;
    this.#leftOut = 0;
    if (count > 0 && !this.#toldLeftOut) {
      this.#parts.logger.error(
        { jobStore: this.#parts.store.alias, count },
        'too many alerts are open: others are left out',
      );
    }
    this.#toldLeftOut = count > 0;
  }

  #note(delivered: string): void {
    const noted = this.#parts.delivered;
    noted.add(delivered);
    if (noted.size <= MOST_NOTED) return;
    const [oldest = ''] = noted;
    noted.delete(oldest);
  }

  /** Writes what has changed, one call after the other. @throws Error if the place is another's, or it is not known what was written */
  #keep(): Promise<void> {
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    return written;
  }

  async #write(): Promise<void> {
    if (this.#fault) throw this.#fault;
    const { store, watcherId } = this.#parts;
    const fields = this.#book.kept.takeUnwritten();
    if (fields.size === 0) return;
    try {
      if (!(await store.alerts.keep({ watcherId, fields }))) throw new LostPlaceError();
    } catch (error) {
      this.#fault = error;
      throw error;
    }
  }
}

/** After these, a job is read again. */
const CHANGES: ReadonlySet<string> = new Set(['job_added', 'job_modified', 'job_removed']);

/** Another process watches by now. */
export class LostPlaceError extends Error {}
