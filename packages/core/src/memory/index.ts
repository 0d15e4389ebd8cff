export { MemoryBackend } from './backend.js';
export { MemoryCluster, type MemoryClusterOptions, type MemoryUserOptions } from './cluster.js';
export type { OnStep, Step } from './line.js';
export { SeededChance } from './seeded-chance.js';
export { VirtualClock } from './virtual-clock.js';
