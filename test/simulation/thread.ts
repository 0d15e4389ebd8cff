import { parentPort, workerData } from 'node:worker_threads';
import type { Played } from './play.js';
import { Player } from './player.js';

/** Plays the seeds that it receives, one after the other. */
const player = new Player(workerData);
parentPort?.on('message', async (seeds: readonly number[]) => {
  const played: Played[] = [];
  for (const seed of seeds) played.push(await player.play(seed));
  parentPort?.postMessage(played);
});
