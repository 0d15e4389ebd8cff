/** The keys of BullMQ that the TypeScript of this package uses. `lua/lib/queue.lua` has the keys that scripts read. */

/** Returns the key of the list of a queue's waiting jobs of priority 0. */
export const waitingKey = (prefix: string, queue: string) => `${prefix}:${queue}:wait`;

/** Returns the key of the hash of a queue's settings. */
export const settingsKey = (prefix: string, queue: string) => `${prefix}:${queue}:meta`;
