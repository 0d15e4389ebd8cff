import { z } from 'zod';
import type { Section } from '../kept.js';
import type { AlertNotification, DroppedNotifications } from '../notification.js';

/** The stored form of a notification or ping that waits to be delivered. */
export const queuedSchema = z.object({
  id: z.string(),
  at: z.int(),
  what: z.union([
    z.object({ ping: z.enum(['start', 'success', 'fail']), text: z.string() }),
    z.custom<AlertNotification>((value) => z.object({ type: z.string(), data: z.object({}) }).safeParse(value).success),
  ]),
});
export type Queued = z.output<typeof queuedSchema>;
export type Ping = Extract<Queued['what'], { readonly ping: string }>;

/** The notifications of one rule for one target, which are delivered in order. */
export interface Lane {
  readonly target: string;
  readonly rule: string;
}

const DIGITS = 12;

/**
 * The notifications that wait to be delivered, lane by lane. Each lane is bounded, and counts the notifications that it had no room
 * for.
 */
export class DeliveryQueue {
  readonly #section: Section<Queued>;
  readonly #most: number;
  /** By lane, its keys in order. */
  readonly #lanes = new Map<string, string[]>();
  #last = 0;

  constructor(section: Section<Queued>, most: number) {
    this.#section = section;
    this.#most = most;
    for (const [key] of section.entries()) {
      const [target = '', rule = '', number] = key.split(' ');
      this.#ownKeysOf({ target, rule }).push(key);
      this.#last = Math.max(this.#last, Number(number));
    }
  }

  get lanes(): readonly Lane[] {
    return [...this.#lanes.keys()].map((name) => {
      const [target = '', rule = ''] = name.split(' ');
      return { target, rule };
    });
  }

  entriesOf(lane: Lane): readonly (readonly [string, Queued])[] {
    return (this.#lanes.get(nameOf(lane)) ?? []).flatMap((key) => {
      const queued = this.#section.get(key);
      return queued ? [[key, queued] as const] : [];
    });
  }

  lengthOf(lane: Lane): number {
    return this.#lanes.get(nameOf(lane))?.length ?? 0;
  }

  /** The first of a lane, and its key. */
  first(lane: Lane): { readonly key: string; readonly queued: Queued } | undefined {
    const [key] = this.#lanes.get(nameOf(lane)) ?? [];
    const queued = key === undefined ? undefined : this.#section.get(key);
    return key === undefined || !queued ? undefined : { key, queued };
  }

  /** Adds a notification at the end of a lane; if there is no room, it counts the notification. */
  add(lane: Lane, queued: Queued, jobStore: string): void {
    const keys = this.#ownKeysOf(lane);
    if (keys.length < this.#most - 1) {
      this.#append(lane, queued);
      return;
    }
    const lastKey = keys.at(-1) ?? '';
    const last = this.#section.get(lastKey);
    const dropped = keys.length > 1 && last ? droppedBy(last) : undefined;
    const counted = dropNotice(queued, { jobStore, rule: lane.rule, count: (dropped?.count ?? 0) + 1 });
    if (dropped && last) this.#section.set(lastKey, { ...counted, id: last.id, at: last.at });
    else this.#append(lane, counted);
  }

  /** Adds a ping. If there are too many, it drops the oldest one that is not being sent, and returns true. */
  addPing(lane: Lane, queued: Queued, most: number): boolean {
    const keys = this.#ownKeysOf(lane);
    this.#append(lane, queued);
    if (keys.length <= most) return false;
    const [gone = ''] = keys.splice(1, 1);
    this.#section.delete(gone);
    return true;
  }

  /** Removes one that was delivered, or should not be. */
  remove(lane: Lane, key: string): void {
    const keys = this.#lanes.get(nameOf(lane)) ?? [];
    const at = keys.indexOf(key);
    if (at >= 0) keys.splice(at, 1);
    if (keys.length === 0) this.#lanes.delete(nameOf(lane));
    this.#section.delete(key);
  }

  /** Drops a notification that was tried for too long, and replaces it by a note of that. Returns whether this call dropped it. */
  giveUp(lane: Lane, key: string, jobStore: string): boolean {
    const queued = this.#section.get(key);
    if (!queued || droppedBy(queued)) return false;
    if ('ping' in queued.what) this.remove(lane, key);
    else this.#section.set(key, dropNotice(queued, { jobStore, rule: lane.rule, count: 1 }));
    return true;
  }

  #append(lane: Lane, queued: Queued): void {
    this.#last += 1;
    const key = `${nameOf(lane)} ${String(this.#last).padStart(DIGITS, '0')}`;
    this.#ownKeysOf(lane).push(key);
    this.#section.set(key, queued);
  }

  #ownKeysOf(lane: Lane): string[] {
    const name = nameOf(lane);
    const keys = this.#lanes.get(name) ?? [];
    this.#lanes.set(name, keys);
    return keys;
  }
}

function nameOf({ target, rule }: Lane): string {
  return `${target} ${rule}`;
}

function droppedBy({ what }: Queued): DroppedNotifications | undefined {
  return 'type' in what && what.type === 'alerts.dropped' ? what.data : undefined;
}

function dropNotice({ id, at }: Queued, data: DroppedNotifications): Queued {
  return { id: `${id}.dropped`, at, what: { type: 'alerts.dropped', timestamp: new Date(at).toISOString(), data } };
}
