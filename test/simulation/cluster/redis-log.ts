import type { EventPage, EventPosition } from '@carillon/core/internal';

/**
 * The ids of a store's log: Redis makes them of its own clock, and a simulation knows them as if they were made of its clock,
 * by Redis' rule.
 */
export class LogIds {
  readonly #ids: { readonly inRedis: string; readonly ms: number; readonly shown: string }[] = [];
  #last = { ms: 0, count: -1 };

  /** Entries that were added at an instant of the simulation. */
  add(at: number, ids: readonly string[]): void {
    for (const inRedis of ids) {
      const { ms, count } = this.#last;
      this.#last = at > ms ? { ms: at, count: 0 } : { ms, count: count + 1 };
      this.#ids.push({ inRedis, ms: this.#last.ms, shown: `${this.#last.ms}-${this.#last.count}` });
    }
  }

  /** A position in the simulation's terms, in those of Redis. */
  inRedis(after: EventPosition): EventPosition {
    const before = this.#ids.findLast(({ shown, ms }) => ('id' in after ? shown === after.id : ms < after.before));
    return before ? { id: before.inRedis } : { before: 0 };
  }

  /** What Redis answers, in the simulation's terms. */
  shown({ events, gap }: EventPage): EventPage {
    const ids = new Map(this.#ids.map(({ inRedis, shown }) => [inRedis, shown]));
    return { events: events.map(({ id, message }) => ({ id: ids.get(id) ?? id, message })), gap };
  }
}
