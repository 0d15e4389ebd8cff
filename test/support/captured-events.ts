import type {
  CarillonEvent,
  EventList,
  EventOf,
  EventsFilter,
  EventType,
  Listener,
  Subscription,
} from '@carillon/core';
import type { Fire } from './fire-times.js';

interface Listenable {
  addListener(callback: Listener): Promise<Subscription>;
  getEvents?(filter: EventsFilter): Promise<EventList>;
}

/** Captures every event of the job stores from when it resolves. */
export async function captureEvents(listenable: Listenable): Promise<CapturedEvents> {
  const captured = new CapturedEvents(listenable);
  await listenable.addListener((event) => captured.add(event));
  return captured;
}

/** Events in the order of their arrival. */
export class CapturedEvents {
  readonly all: CarillonEvent[] = [];
  readonly #source: Listenable | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(source?: Listenable) {
    this.#source = source;
  }

  add(event: CarillonEvent): void {
    this.all.push(event);
    for (const look of [...this.#waiting]) look();
  }

  of<Type extends EventType>(type: Type): EventOf<Type>[] {
    return this.all.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** Fire times that were settled as executed. */
  get executed(): readonly Fire[] {
    return this.of('job_executed').map(({ jobId, scheduledRunTime }) => ({
      jobId,
      fireTime: scheduledRunTime.getTime(),
    }));
  }

  /** Types with events that were not received. */
  get incomplete(): readonly string[] {
    const gaps = new Set<string>();
    const last = new Map<string, number>();
    for (const { jobStore, type, seq } of this.all) {
      const counted = `${jobStore} ${type}`;
      if (seq !== (last.get(counted) ?? seq - 1) + 1) gaps.add(type);
      last.set(counted, seq);
    }
    return [...gaps];
  }

  /**
   * Resolves once every event is captured that a job store has published by now. The result of a call and its events arrive over different
   * connections, in any order: without this wait, an event of a finished call may still be on its way.
   */
  async upToDate(jobStore = 'default'): Promise<void> {
    if (!this.#source?.getEvents) throw new Error('these events are of no scheduler: what was published is not known');
    const [newest] = (await this.#source.getEvents({ limit: 1, jobStore })).events;
    if (!newest) return;
    const isIt = (event: CarillonEvent) =>
      event.jobStore === newest.jobStore && event.type === newest.type && event.seq >= newest.seq;
    await this.first(newest.type, isIt);
  }

  /** Resolves with the first event of a type that fits, from the past or the future. */
  first<Type extends EventType>(
    type: Type,
    fits: (event: EventOf<Type>) => boolean = () => true,
    limitMs = 120_000,
  ): Promise<EventOf<Type>> {
    return this.#once(() => this.of(type).find(fits), limitMs, `event ${type} that fits`);
  }

  /** Resolves once `wanted` events of a type have arrived. */
  async count(type: EventType, wanted: number, limitMs = 120_000): Promise<void> {
    let seen = 0;
    let looked = 0;
    const look = () => {
      for (; looked < this.all.length; looked++) if (this.all[looked]?.type === type) seen++;
      return seen >= wanted || undefined;
    };
    await this.#once(look, limitMs, () => `${wanted} events ${type}, only ${seen},`);
  }

  #once<T>(look: () => T | undefined, limitMs: number, what: string | (() => string)): Promise<T> {
    return new Promise((resolve, reject) => {
      const seen = () => {
        const found = look();
        if (found === undefined) return false;
        clearTimeout(timer);
        this.#waiting.delete(seen);
        resolve(found);
        return true;
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(seen);
        reject(new Error(`no ${typeof what === 'string' ? what : what()} within ${limitMs} ms`));
      }, limitMs);
      if (!seen()) this.#waiting.add(seen);
    });
  }
}
