import type { Fault } from '../scene.js';
import { cut, halfOpen, late, repliesLost, slow } from './network.js';
import { allKilled, leaderKilled, leaderStopped, workerKilled, workerStopped } from './processes.js';
import { allPaused, clientsKilled, memoryFull, redisKilled, scriptsFlushed, writesPaused } from './redis.js';

export const FAULTS: readonly Fault[] = [
  leaderKilled,
  leaderStopped,
  workerKilled,
  workerStopped,
  redisKilled,
  allKilled,
  clientsKilled,
  writesPaused,
  allPaused,
  scriptsFlushed,
  memoryFull,
  slow,
  late,
  cut,
  repliesLost,
  halfOpen,
];
