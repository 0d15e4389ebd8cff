export { MemoryBackend } from './backend.js';
export { type Damage, MemoryCluster, type MemoryClusterOptions, type MemoryUserOptions } from './cluster.js';
export type { Contents } from './contents.js';
export type { Carry, OnStep, Step } from './line.js';
export { OwnMemory } from './own-memory.js';
export type { OnPublish } from './places.js';
export { SeededChance } from './seeded-chance.js';
export { type UpkeepWatch, VirtualClock, type VirtualClockOptions } from './virtual-clock.js';
