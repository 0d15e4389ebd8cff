/** Carries the messages that a job store publishes. None is kept: a client that is not subscribed misses them. */
export interface EventBus {
  /** Calls back with each message of a channel, in the order of publishing. Resolves once subscribed. */
  subscribe(channel: Channel, callback: (message: string) => void): Promise<Unsubscribe>;
}

/**
 * `wakeup`: the instant (ms) of a fire that may be sooner than the leader expects, or `leader` if there is none, or `heir` and
 * the id of the coordinator that leads next.
 * `control`: `cancel` and the id of a run, for the worker that has it.
 */
export type Channel = `events:${string}` | 'wakeup' | 'control';

export type Unsubscribe = () => Promise<void>;
