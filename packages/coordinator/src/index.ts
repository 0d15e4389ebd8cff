export { Coordinator, type CoordinatorHealth } from './coordinator.js';
export type { CoordinatorOptions, CoordinatorSettings } from './options.js';
export type { UnservedJobStore, UnservedJobStoreReason } from './unserved.js';
