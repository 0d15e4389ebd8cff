import { z } from 'zod';

/** A period of time, ms. */
export interface Span {
  readonly from: number;
  /** null if it continues. */
  readonly to: number | null;
}

/** A period in which all firing was stopped. */
interface StorePause extends Span {
  readonly actor: string | null;
  readonly reason: string | null;
}

export interface Term extends Span {
  /** null if it led before anything was recorded. */
  readonly coordinatorId: string | null;
  readonly epoch: number;
  /**
   * How it ended; `silent`: another coordinator was elected before this one published an end, and `to` is when this one last showed that it led.
   * null if the term continues.
   */
  readonly end: 'shutdown' | 'lease_lost' | 'handed_over' | 'silent' | null;
}

/** A worker that served an executor. */
interface Service extends Span {
  readonly workerId: string;
  readonly executor: string;
  /** `silent`: the worker joined again without having left. */
  readonly end: 'stopped' | 'lost' | 'silent' | 'removed' | null;
}

/** The past of a job store, oldest first. */
export interface StoreTimeline {
  readonly pauses: readonly StorePause[];
  readonly terms: readonly Term[];
  readonly services: readonly Service[];
  /** The last worker that left and had joined before anything was recorded. Which executors it served is not known. null if there is none. */
  readonly servedBefore: { readonly workerId: string; readonly to: number; readonly end: Service['end'] } | null;
  /** Nothing is known of the time before this, ms. */
  readonly speaksFrom: number;
  /** Whether everything that was recorded was read, and none of it had been dropped. */
  readonly isWhole: boolean;
}

type Open<T extends Span> = { -readonly [K in keyof T]: T[K] };

const messageSchema = z.looseObject({
  type: z.string(),
  at: z.number(),
  coordinatorId: z.string().optional(),
  epoch: z.number().optional(),
  formerAliveUntil: z.number().optional(),
  actor: z.string().nullish(),
  reason: z.string().nullish(),
  workerId: z.string().optional(),
  alias: z.string().optional(),
  cause: z.enum(['stopped', 'lost']).optional(),
  executors: z.array(z.looseObject({ alias: z.string() })).optional(),
});
type Message = z.output<typeof messageSchema>;

/** The beginning of spans that began before the account did, at an unknown instant. */
const BEFORE = Number.NEGATIVE_INFINITY;

/** A worker that shows signs of life now. */
export interface LivingWorker {
  readonly workerId: string;
  readonly executors: readonly { readonly alias: string }[];
}

/**
 * Reads the past of a job store from its events. The account does not have the leader and the workers from before it began, as the first leader
 * begins the account. They are known from how they ended, and from the workers that live now.
 * @param messages events as they were published, oldest first, perhaps after `f` and the instant up to which some were dropped.
 * @param isRead whether these are all events that there are.
 */
export function storeTimelineOf(
  messages: readonly string[],
  from: number | null,
  isRead = true,
  living: readonly LivingWorker[] = [],
): StoreTimeline {
  const past = new StorePast();
  const events = messages.flatMap((message) => decoded(message) ?? []);
  for (const one of events) past.add(one);
  const isWhole = isRead && !messages[0]?.startsWith('f');
  const start = from ?? Number.POSITIVE_INFINITY;
  const { pauses, terms, servedBefore } = past;
  const services = [...livedBefore(past.services, living), ...past.services];
  const speaksFrom = isWhole ? start : Math.max(start, events[0]?.at ?? start);
  return { pauses, terms, services, servedBefore, speaksFrom, isWhole };
}

/** Living workers without a record were there before the account began. */
function livedBefore(services: readonly Service[], living: readonly LivingWorker[]): Service[] {
  const known = new Set(services.map(({ workerId }) => workerId));
  return living
    .filter(({ workerId }) => !known.has(workerId))
    .flatMap(({ workerId, executors }) =>
      executors.map(({ alias }) => ({ from: BEFORE, to: null, workerId, executor: alias, end: null })),
    );
}

function decoded(message: string): Message | null {
  try {
    return messageSchema.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}

class StorePast {
  readonly pauses: Open<StorePause>[] = [];
  readonly terms: Open<Term>[] = [];
  readonly services: Open<Service>[] = [];
  servedBefore: StoreTimeline['servedBefore'] = null;

  add({
    type,
    at,
    actor = null,
    reason = null,
    coordinatorId = '',
    epoch = 0,
    formerAliveUntil,
    workerId = '',
    alias = '',
    executors = [],
    cause = 'lost',
  }: Message) {
    const term = this.terms.at(-1);
    switch (type) {
      case 'scheduler_paused':
        if (this.pauses.at(-1)?.to !== null) this.pauses.push({ from: at, to: null, actor, reason });
        break;
      case 'scheduler_resumed':
        end(this.pauses.at(-1), at);
        break;
      case 'leader_elected':
        if (term?.to === null) {
          Object.assign(term, { to: clamped(formerAliveUntil ?? at, term.from, at), end: 'silent' });
        } else if (!term && formerAliveUntil !== undefined) {
          this.#ledBefore(null, 0, Math.min(formerAliveUntil, at), 'silent');
        }
        this.terms.push({ from: at, to: null, coordinatorId, epoch, end: null });
        break;
      case 'leader_lost':
        if (!term) this.#ledBefore(coordinatorId, epoch, at, reason);
        else if (term.to === null && term.epoch === epoch) Object.assign(term, { to: at, end: reason ?? 'shutdown' });
        else this.#nameFirst(coordinatorId, epoch);
        break;
      case 'worker_joined':
        this.#gone(workerId, null, at, 'silent');
        for (const one of executors)
          this.services.push({ from: at, to: null, workerId, executor: one.alias, end: null });
        break;
      case 'worker_left':
        if (this.#knows(workerId)) this.#gone(workerId, null, at, cause);
        else this.servedBefore = { workerId, to: at, end: cause };
        break;
      case 'executor_added':
        this.#gone(workerId, alias, at, 'removed');
        this.services.push({ from: at, to: null, workerId, executor: alias, end: null });
        break;
      case 'executor_removed':
        if (!this.#knows(workerId))
          this.services.push({ from: BEFORE, to: null, workerId, executor: alias, end: null });
        this.#gone(workerId, alias, at, 'removed');
        break;
      default:
    }
  }

  /** Names the leader from before the account: its process was stopped for a while, and it publishes late that it has lost its lease. */
  #nameFirst(coordinatorId: string, epoch: number): void {
    const [first, second] = this.terms;
    if (first?.coordinatorId === null && second && epoch < second.epoch) Object.assign(first, { coordinatorId, epoch });
  }

  #ledBefore(coordinatorId: string | null, epoch: number, to: number, how: string | null): void {
    const end = (how ?? 'shutdown') as Term['end'];
    this.terms.push({ from: BEFORE, to, coordinatorId, epoch, end });
  }

  #knows(workerId: string): boolean {
    return this.services.some((service) => service.workerId === workerId);
  }

  #gone(workerId: string, executor: string | null, at: number, how: Service['end']): void {
    for (const service of this.services) {
      const isMeant = service.workerId === workerId && (executor === null || service.executor === executor);
      if (isMeant && service.to === null) Object.assign(service, { to: at, end: how });
    }
  }
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function end(span: Open<Span> | undefined, at: number): void {
  if (span?.to === null) span.to = at;
}
