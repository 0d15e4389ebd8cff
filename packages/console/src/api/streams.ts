import type { CarillonEvent } from '@carillon/core';
import { Refusal } from './problem.js';

const MOST_STREAMS = 100;
/** The most streams of one actor, so that others still have theirs. */
const MOST_OF_ONE = 30;
/** How often a comment is sent, so that proxies keep the connection open. */
const COMMENT_MS = 15_000;
/** How many events wait for a slow client, and how long it may take for one of them. */
const MOST_WAITING = 100;
const PATIENCE_MS = 30_000;
/** How long a stream lasts; then the client connects again, and is identified again. */
const LIFE_MS = 3_600_000;

/** Begins to send events one by one; returns a function that ends that. */
export type Follow = (pass: (event: CarillonEvent, json: object) => Promise<void>) => Promise<() => Promise<void>>;

/** The event streams of a console. */
export class Streams {
  /** The function that ends each stream, and its actor. */
  readonly #ends = new Map<() => void, string>();

  /**
   * Opens a stream of server-sent events.
   * @param limit the number of events after which it ends.
   * @throws Refusal if there are too many streams
   */
  open(follow: Follow, limit: number, actor: string): Response {
    this.#requireRoom(actor);
    const encoder = new TextEncoder();
    let drained = () => {};
    let left = limit;
    let isOver = false;
    let unfollow: (() => Promise<void>) | undefined;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const send = (text: string) => controller?.enqueue(encoder.encode(text));
    const end = () => {
      if (isOver) return;
      isOver = true;
      this.#ends.delete(end);
      clearInterval(comments);
      clearTimeout(life);
      drained();
      unfollow?.().catch(() => {});
      try {
        controller?.close();
      } catch {
        // The client has gone.
      }
    };
    const comments = setInterval(() => send(': so that no proxy takes this for dead\n\n'), COMMENT_MS);
    const life = setTimeout(end, LIFE_MS);
    comments.unref();
    life.unref();
    this.#ends.set(end, actor);
    const pass = async ({ eventId = '' }: CarillonEvent, json: object) => {
      if (isOver) return;
      if ((controller?.desiredSize ?? 0) <= 0) {
        const patience = setTimeout(end, PATIENCE_MS);
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
        clearTimeout(patience);
        if (isOver) return;
      }
      send(`id: ${eventId}\ndata: ${JSON.stringify(json)}\n\n`);
      left -= 1;
      if (left <= 0) end();
    };
    const body = new ReadableStream<Uint8Array>(
      {
        async start(its) {
          controller = its;
          send(': events\n\n');
          try {
            unfollow = await follow(pass);
          } catch (error) {
            end();
            throw error;
          }
          if (isOver) await unfollow();
        },
        pull: () => drained(),
        cancel: end,
      },
      { highWaterMark: MOST_WAITING },
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
  }

  /** Ends all of them. */
  close(): void {
    for (const end of [...this.#ends.keys()]) end();
  }

  /** @throws Refusal */
  #requireRoom(actor: string): void {
    const own = [...this.#ends.values()].filter((whose) => whose === actor).length;
    const isFull = this.#ends.size >= MOST_STREAMS;
    if (!isFull && own < MOST_OF_ONE) return;
    const open = isFull
      ? `${MOST_STREAMS} event streams are open`
      : `${JSON.stringify(actor)} has ${own} event streams`;
    throw new Refusal('TOO_MANY_STREAMS', `${open}: end one`, { 'retry-after': '10' });
  }
}
