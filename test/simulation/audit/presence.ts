import type { HeartbeatAnswer, HeartbeatParams, JoinParams } from '@carillon/core/internal';
import type { Effect, Fault } from './effect.js';

/** Checks that each join and leave of a worker is published once, and that heartbeats report which workers are known. */
export class Presence {
  readonly #fault: Fault;
  readonly #there = new Set<string>();

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  join({ params, events }: Effect): void {
    const { workerId } = (params as JoinParams).worker;
    this.#expect(events, this.#there.has(workerId) ? [] : [`worker_joined ${workerId}`]);
    this.#there.add(workerId);
  }

  leave({ params, events }: Effect): void {
    const workerId = params as string;
    this.#expect(events, this.#there.delete(workerId) ? [`worker_left ${workerId} stopped`] : []);
  }

  lose({ events }: Effect, workerIds: readonly string[]): void {
    for (const id of workerIds) if (!this.#there.delete(id)) this.#fault(`worker ${id} is lost, and was not there`);
    this.#expect(
      events,
      workerIds.map((id) => `worker_left ${id} lost`),
    );
  }

  heartbeat({ params, answer }: Effect): void {
    const { workerId } = (params as HeartbeatParams).worker;
    const { isKnown } = answer as HeartbeatAnswer;
    if (isKnown !== this.#there.has(workerId)) this.#fault(`worker ${workerId} beats, and is known: ${isKnown}`);
  }

  #expect(events: Effect['events'], right: readonly string[]): void {
    const reported = events.map(({ type, workerId, cause }) => [type, workerId, cause].filter(Boolean).join(' '));
    if (reported.join() !== right.join()) this.#fault(`published ${reported}, not ${right}`);
  }
}
