import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Played } from './play.js';
import type { Place } from './player.js';

/** How many seeds a thread is given at once. */
const BATCH = 20;

/** Plays seeds in as many threads as there are cores. `onPlayed` returns whether to go on. */
export async function playAll(
  seeds: Iterable<number>,
  place: Place,
  onPlayed: (played: Played) => boolean,
): Promise<void> {
  const rest = seeds[Symbol.iterator]();
  let isOver = false;
  const threads = Array.from({ length: availableParallelism() }, async () => {
    const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: place });
    try {
      for (let batch = take(rest, BATCH); batch.length > 0 && !isOver; batch = take(rest, BATCH)) {
        for (const played of await answerOf(thread, batch)) isOver = !onPlayed(played) || isOver;
      }
    } finally {
      await thread.terminate();
    }
  });
  await Promise.all(threads);
}

function answerOf(thread: Worker, seeds: readonly number[]): Promise<readonly Played[]> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    thread.once('message', (answer) => {
      thread.off('error', reject);
      resolve(answer);
    });
    thread.postMessage(seeds);
  });
}

function take<T>(rest: Iterator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const next = rest.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
