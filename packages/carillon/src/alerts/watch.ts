import type { CarillonEvent } from '@carillon/core';
import type { EventPage } from '@carillon/core/internal';
import { AlertBook } from './alert-book.js';
import { Audits } from './audits.js';
import type { CheckedSettings } from './check.js';
import { Deliverer } from './delivery/deliverer.js';
import type { Queued } from './delivery/queue.js';
import { Targets } from './delivery/targets.js';
import { JobCache } from './facts/job-cache.js';
import { lookOf } from './facts/look.js';
import { lostEvents } from './facts/lost-events.js';
import { Successes } from './facts/successes.js';
import { UnstartedRuns } from './facts/unstarted-runs.js';
import { wantedEvents } from './facts/wanted-events.js';
import { forgetUnset } from './forget-unset.js';
import { Heartbeats } from './heartbeats.js';
import { isAbout, plainNames } from './pattern.js';
import { failuresAfter, judgeEvent } from './rules/events.js';
import { judgeLook } from './rules/looks.js';
import { StateWriter } from './state-writer.js';
import { type Subject, subjectOf } from './verdict.js';
import { Verdicts } from './verdicts.js';
import type { WatchParts } from './watch-parts.js';

const EVENTS_AT_ONCE = 500;
const PAGES_AT_ONCE = 20;
const LOOK_EVERY_MS = 5_000;
const PING_GIVE_UP_MS = 3_600_000;
/** The most failing subjects that are counted. */
const MOST_FAILING = 20_000;
const MOST_NOTED = 10_000;

/** A watch of a job store by one process, from when it gets the place of the watcher until it loses it. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #book: AlertBook;
  readonly #targets: Targets;
  readonly #deliverer: Deliverer;
  readonly #jobs: JobCache;
  readonly #unstarted: UnstartedRuns;
  readonly #successes: Successes;
  readonly #verdicts: Verdicts;
  readonly #audits: Audits;
  readonly #heartbeats: Heartbeats;
  readonly #writer: StateWriter;
  readonly #stop = new AbortController();
  /** How far the store's clock is ahead of this process' one, ms. */
  #aheadMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #reportedGap = '';

  private constructor(parts: WatchParts, fields: ReadonlyMap<string, string>, now: number) {
    const { settings, store, backend, logger, scheduler, silences, watcherId } = parts;
    const { records, alias } = store;
    this.#parts = parts;
    this.#aheadMs = now - backend.clock.now();
    this.#book = new AlertBook(fields, alias, settings, () => backend.chance.id());
    this.#targets = new Targets(settings, backend.clock);
    this.#jobs = new JobCache(records);
    this.#unstarted = new UnstartedRuns(records, this.#jobs);
    const rules = settings.rules.filter((rule) => rule.when === 'no_success');
    this.#successes = new Successes({ records, rules, jobs: this.#jobs, firstSeen: this.#book.firstSeen });
    const common = { book: this.#book, scheduler, jobStore: alias, clock: backend.clock, logger };
    this.#verdicts = new Verdicts({ ...common, silences });
    this.#audits = new Audits({ ...common, rules: settings.rules });
    this.#heartbeats = new Heartbeats({ ...common, settings, targets: this.#targets, signal: this.#stop.signal });
    this.#writer = new StateWriter(store.alerts, this.#book.kept, watcherId);
    this.#deliverer = new Deliverer({
      ...{ jobStore: alias, queue: this.#book.queue, clock: backend.clock, logger, now: () => this.now },
      send: (lane, queued, signal) => this.#targets.send(lane, queued, signal),
      delivered: (key, { id }) => this.#note(`${key} ${id}`),
      changed: () => void this.#writer.write().catch(() => {}),
      giveUpMs: ({ what }: Queued) => ('ping' in what ? PING_GIVE_UP_MS : settings.giveUpAfter),
    });
  }

  /** Reads the kept state, and the job store. */
  static async begin(parts: WatchParts): Promise<Watch> {
    const { now, fields } = await parts.store.alerts.read();
    const isLost = fields.size === 0 && parts.before.size > 0;
    const watch = new Watch(parts, isLost ? parts.before : fields, now);
    if (isLost) watch.#book.kept.writeAll();
    forgetUnset(watch.#book, watch.#targets, parts, now);
    if (!watch.#book.position.get('at')) watch.#book.position.set('at', { before: now });
    await watch.#load();
    return watch;
  }

  /** All that it keeps, by field. */
  get kept(): ReadonlyMap<string, string> {
    return this.#book.kept.all;
  }

  /** The store's time, as far as it is known. */
  get now(): number {
    return Math.floor(this.#parts.backend.clock.now() + this.#aheadMs);
  }

  /** Reads new events, measures the store at intervals, and writes the changed state. Returns whether there are more events to read. */
  async turn(): Promise<boolean> {
    const { clock } = this.#parts.backend;
    this.#verdicts.begin();
    let isMore = true;
    for (let pages = 0; pages < PAGES_AT_ONCE && isMore && !this.#stop.signal.aborted; pages++) {
      isMore = await this.#readPage();
      await this.#writer.write();
    }
    if (!isMore && clock.now() - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#lookedAt = clock.now();
      await this.#look();
      await this.#writer.write();
    }
    this.#deliverer.pump();
    return isMore;
  }

  /** Ends deliveries in progress, and writes which notifications were delivered. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#deliverer.stop();
    await this.#writer.write().catch(() => {});
  }

  async #load(): Promise<void> {
    const { settings, logger, store } = this.#parts;
    if (settings.rules.some(({ when }) => when === 'late')) await this.#unstarted.load();
    await this.#successes.load();
    const { left } = this.#successes;
    if (left > 0)
      logger.error({ jobStore: store.alias, left }, 'rules of no_success match too many jobs: some are not watched');
  }

  async #readPage(): Promise<boolean> {
    const { records } = this.#parts.store;
    const after = this.#book.position.get('at') ?? { before: this.now };
    const page = await records.events({ after, limit: EVENTS_AT_ONCE });
    const events = wantedEvents(page.events);
    if (page.gap && this.#reportedGap !== JSON.stringify(after)) await this.#gap(after, page);
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
    if (event.type === 'jobstore_emptied') return this.#emptied(event.at.getTime());
    if (!('jobId' in event)) return;
    const { rules } = this.#parts.settings;
    const job = event.jobId === null ? null : this.#jobs.get(event.jobId);
    const task = 'task' in event ? event.task : (job?.task ?? null);
    const subject = subjectOf({ jobId: event.jobId, task, executor: job?.executor ?? null });
    const failures = this.#countFailures(subject, event);
    const begun = this.#unstarted.see(event);
    const began = begun ? { fireTime: begun.fireTime, lateMs: event.at.getTime() - begun.dueAt } : null;
    await this.#verdicts.apply(judgeEvent(rules, event, { subject, failures, began }));
    this.#successes.see(event);
    this.#heartbeats.see(event);
  }

  async #emptied(at: number): Promise<void> {
    this.#book.emptied(at);
    this.#jobs.forgetAll();
    await this.#load();
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

  /** The log dropped events before they were read: this reads what else is known of that time. */
  async #gap(after: { readonly id: string } | { readonly before: number }, page: EventPage): Promise<void> {
    const { logger, store, settings } = this.#parts;
    this.#reportedGap = JSON.stringify(after);
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
      if (alert.when === 'failed' && alert.subject.key === key) this.#book.close(alert, at, 'it succeeded since');
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
    await this.#verdicts.apply(judgeLook(settings.rules, look, this.#book.since));
    await this.#audits.turn(measure.now, (verdicts) => this.#verdicts.apply(verdicts));
    this.#verdicts.announceOpen(measure.now);
    if (look.isLed) this.#heartbeats.pingAlive();
    this.#verdicts.logLeftOut();
  }

  #note(delivered: string): void {
    const noted = this.#parts.delivered;
    noted.add(delivered);
    if (noted.size <= MOST_NOTED) return;
    const [oldest = ''] = noted;
    noted.delete(oldest);
  }
}

/** After these, a job is read again. */
const CHANGES: ReadonlySet<string> = new Set(['job_added', 'job_modified', 'job_removed']);
