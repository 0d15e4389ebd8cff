/** The keys of BullMQ that the TypeScript of this package reads: `lua/lib/queue.lua` has those that scripts read. */

/** The list of a queue's jobs of priority 0 that wait. */
export const waitingKey = (prefix: string, queue: string) => `${prefix}:${queue}:wait`;

/** The hash of a queue's settings. */
export const settingsKey = (prefix: string, queue: string) => `${prefix}:${queue}:meta`;
