import { InvalidOptionsError } from '@carillon/core';
import { shown } from '@carillon/core/internal';

/** All keys and channels of one job store. They have one hash tag, so that all are on one shard. Scripts take the base. */
export type Keys = ReturnType<typeof keysOf>;

export const DEFAULT_PREFIX = 'carillon';

export function keysOf(prefix: string, jobStore: string) {
  const key = (name: string) => `{${prefix}:${jobStore}}:${name}`;
  return {
    /** The beginning of every key and channel of the store. */
    base: key(''),
    jobs: key('jobs'),
    schedule: key('schedule'),
    cursor: key('cursor'),
    held: key('held'),
    instances: key('instances'),
    runs: key('runs'),
    bodies: key('bodies'),
    leases: key('leases'),
    outbox: key('outbox'),
    waiting: key('waiting'),
    progress: key('progress'),
    leader: key('leader'),
    epoch: key('epoch'),
    /** The term that was begun and not ended, and when its leader showed itself last. */
    led: key('led'),
    format: key('format'),
    readers: key('readers'),
    born: key('born'),
    paused: key('paused'),
    rev: key('rev'),
    seq: key('seq'),
    last: key('last'),
    /** Jobs that ask for metrics of their own, by when they first asked. */
    metered: key('metered'),
    /** The store's account: what happened to it. */
    account: key('account'),
    /** Before a job's id: the list of its account. */
    accountOf: key('account:'),
    accountsFrom: key('accounts:from'),
    accountsLimits: key('accounts:limits'),
    accountsGone: key('accounts:gone'),
    accountsForgotten: key('accounts:forgotten'),
    /** What the process that watches the store for alerts keeps, by field. */
    alerts: key('alerts'),
    /** Which process has that place, and until when. */
    alertsWatcher: key('alerts:watcher'),
    alertsSilences: key('alerts:silences'),
    quarantine: key('quarantine'),
    /** Before a key's name: what another program had put in place of that key. */
    movedAway: key('quarantine:'),
    coordinators: key('coordinators'),
    workers: key('workers'),
    workersInfo: key('workers:info'),
    /** Before an executor, a blank and a task: since when no worker that serves the executor has had the task. */
    absent: key('absent:'),
    /** The events that were published, as far back as they are kept. */
    log: key('log'),
    /** Failures: their events without the stacks, with what it takes to run them again. */
    failures: key('failures'),
    /** Before the id of a run that failed: the run in which it was run again. */
    retried: key('retried:'),
    /** The entry of every 200th event that was not logged alone. */
    logMarks: key('log:marks'),
    /** How many events were not logged alone. */
    logCount: key('log:count'),
    /** Before a job's id: its live runs. */
    live: key('live:'),
    /** Before a job's id: its runs whose outcomes are kept. */
    history: key('history:'),
    /** Before a run's id: its outcomes. */
    result: key('result:'),
    /** Before a job's id: what it left when it finished. */
    tomb: key('tomb:'),
    /** Before an operation's id: how it was answered. */
    op: key('op:'),
    /** Before an event's type: a channel. */
    events: key('events:'),
    /** A channel: the instant of a fire that may be sooner than the leader expects, or `leader`, or `heir` and an id. */
    wakeup: key('wakeup'),
    /** A channel: commands to workers. */
    control: key('control'),
    /** BullMQ's prefix. */
    queues: key('q'),
    /** The set of job stores that exist. It belongs to the prefix, not to the store. */
    stores: `${prefix}:stores`,
  } as const;
}

/** Returns the beginning of the names of a store's channels. The databases of a server share channels, so each database but 0 has its own. */
export function channelsOf({ base }: Keys, database: number): string {
  return database === 0 ? base : `${base}db${database}:`;
}

const PREFIX = /^[A-Za-z0-9._-]{1,64}$/;

/** @throws InvalidOptionsError if this cannot be the beginning of keys. */
export function checkPrefix(prefix: unknown): string {
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) {
    throw new InvalidOptionsError(
      `prefix: ${shown(prefix)} is not a key prefix: use 1 to 64 letters, digits, ".", "_" or "-"`,
    );
  }
  return prefix;
}
