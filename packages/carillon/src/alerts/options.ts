import type { Duration, RedisOptions } from '@carillon/core';
import type { Backend } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { AlertNotification } from './notification.js';
import type { AlertRule } from './rule.js';

/** Called with the notifications of a rule, one by one. If it throws, it is called again later with the same notification. */
export type AlertFunction = (notification: AlertNotification) => unknown;

/** A webhook with signatures of `standardwebhooks`. */
export interface AlertWebhook {
  /** A URL of http or https. */
  readonly url: string;
  /** The secret that the receiver shares: base64 of 24 to 64 bytes, with or without `whsec_` before it. */
  readonly secret: string;
  /** How long a whole request may take; default: `'10s'`. */
  readonly timeout?: Duration | undefined;
}

export type AlertTarget = AlertWebhook | AlertFunction;

/**
 * URLs that are called while jobs run: `<url>/start` when an execution begins, `<url>` when it succeeded, `<url>/fail` when it failed.
 */
export interface JobHeartbeat {
  /** The jobs, by a pattern as in rules. */
  readonly job: string | readonly string[];
  readonly jobStore?: string | readonly string[] | undefined;
  readonly url: string;
}

/** A URL that is called at intervals while a coordinator leads the job store. */
export interface SchedulerHeartbeat {
  readonly url: string;
  /** The interval; default: `'1m'`. */
  readonly every?: Duration | undefined;
  readonly jobStore?: string | readonly string[] | undefined;
}

export interface AlertsSettings {
  readonly rules: readonly AlertRule[];
  /** The targets by name: 1 to 64 letters, digits, ".", "_" or "-". */
  readonly targets?: Readonly<Record<string, AlertTarget>> | undefined;
  readonly heartbeats?: readonly JobHeartbeat[] | undefined;
  readonly alive?: readonly SchedulerHeartbeat[] | undefined;
  /** A template for links: a URL with `{jobStore}`, `{jobId}`, `{runId}`, `{rule}` or `{alertId}` in it. */
  readonly link?: string | undefined;
  /** Hosts, as URLs name them, that may have private addresses, such as `localhost`. Other hosts with private addresses are refused. */
  readonly allowHosts?: readonly string[] | undefined;
  /** The most notifications of one rule that wait for one target; default: 1,000. */
  readonly maxQueued?: number | undefined;
  /** How long a target is tried for one notification; default: `'3d'`. */
  readonly giveUpAfter?: Duration | undefined;
}

interface AlertsPlace {
  /** The prefix of every key; default: `'carillon'`. */
  readonly prefix?: string | undefined;
  /** Aliases of the job stores that are watched; default: `['default']`. */
  readonly jobStores?: readonly string[] | undefined;
  /** A pino logger; by default, warnings and errors go to standard output. */
  readonly logger?: Logger | undefined;
}

export type AlertsOptions = AlertsSettings &
  AlertsPlace &
  (
    | { readonly redis: RedisOptions; readonly backend?: undefined }
    /** A backend in place of Redis, for tests: the result of `new MemoryCluster().connect()`. */
    | { readonly backend: Backend; readonly redis?: undefined }
  );
