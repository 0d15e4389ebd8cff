import type { EventPage, EventPosition } from '@carillon/core/internal';

/**
 * Translates the ids of a store's log. Redis makes them from its own clock; the simulation sees ids made from its clock by the
 * same rule.
 */
export class LogIds {
  readonly #ids: { readonly inRedis: string; readonly ms: number; readonly shown: string }[] = [];
  #last = { ms: 0, count: -1 };

  /** Notes the entries that were added at an instant of the simulation. */
  add(at: number, ids: readonly string[]): void {
    for (const inRedis of ids) {
      const { ms, count } = this.#last;
      this.#last = at > ms ? { ms: at, count: 0 } : { ms, count: count + 1 };
      this.#ids.push({ inRedis, ms: this.#last.ms, shown: `${this.#last.ms}-${this.#last.count}` });
    }
  }

  /** Returns a position of the simulation as one of Redis. */
  inRedis(after: EventPosition): EventPosition {
    const before = this.#ids.findLast(({ shown, ms }) => ('id' in after ? shown === after.id : ms < after.before));
    return before ? { id: before.inRedis } : { before: 0 };
  }

  /** Returns a page of Redis with the ids of the simulation. */
  shown({ events, gap }: EventPage): EventPage {
    const ids = new Map(this.#ids.map(({ inRedis, shown }) => [inRedis, shown]));
    return { events: events.map(({ id, message }) => ({ id: ids.get(id) ?? id, message })), gap };
  }
}
