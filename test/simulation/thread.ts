import { parentPort } from 'node:worker_threads';
import { type Played, play } from './play.js';

/** Plays the seeds that it is sent, one after the other. */
parentPort?.on('message', async (seeds: readonly number[]) => {
  const played: Played[] = [];
  for (const seed of seeds) played.push(await play(seed));
  parentPort?.postMessage(played);
});
