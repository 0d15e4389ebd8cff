import type { Duration, RedisOptions } from '@carillon/core';
import type { Backend } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { AlertNotification } from './notification.js';
import type { AlertRule } from './rule.js';

/** Called with the notifications of a rule, one after the other. Where it throws, it is called again later. */
export type AlertFunction = (notification: AlertNotification) => unknown;

/** A webhook, signed as `standardwebhooks` does. */
export interface AlertWebhook {
  /** http or https. */
  readonly url: string;
  /** Shared with the receiver: base64 of 24 to 64 bytes, with or without `whsec_` before it. */
  readonly secret: string;
  /** For a whole request; default: `'10s'`. */
  readonly timeout?: Duration | undefined;
}

export type AlertTarget = AlertWebhook | AlertFunction;

/** URLs that are called as jobs run: `<url>/start` when an execution begins, `<url>` when it ended well, `<url>/fail` when it failed. */
export interface JobHeartbeat {
  /** A pattern, as those of rules. */
  readonly job: string | readonly string[];
  readonly jobStore?: string | readonly string[] | undefined;
  readonly url: string;
}

/** A URL that is called again and again while a coordinator leads the job store. */
export interface SchedulerHeartbeat {
  readonly url: string;
  /** `'1m'` where it is left out. */
  readonly every?: Duration | undefined;
  readonly jobStore?: string | readonly string[] | undefined;
}

export interface AlertsSettings {
  readonly rules: readonly AlertRule[];
  /** By name: 1 to 64 letters, digits, ".", "_" or "-". */
  readonly targets?: Readonly<Record<string, AlertTarget>> | undefined;
  readonly heartbeats?: readonly JobHeartbeat[] | undefined;
  readonly alive?: readonly SchedulerHeartbeat[] | undefined;
  /** A URL with `{jobStore}`, `{jobId}`, `{runId}`, `{rule}` or `{alertId}` in it. */
  readonly link?: string | undefined;
  /** Hosts, as they stand in URLs, that may be at private addresses, such as `localhost`. Others are refused there. */
  readonly allowHosts?: readonly string[] | undefined;
  /** How many notifications of one rule may wait for one target; 1,000 where it is left out. */
  readonly maxQueued?: number | undefined;
  /** How long a target is tried for one notification; default: `'3d'`. */
  readonly giveUpAfter?: Duration | undefined;
}

interface AlertsPlace {
  /** The prefix of every key; default: `'carillon'`. */
  readonly prefix?: string | undefined;
  /** Aliases of the job stores that are watched; default: `['default']`. */
  readonly jobStores?: readonly string[] | undefined;
  /** pino; where it is left out, warnings and errors go to standard output. */
  readonly logger?: Logger | undefined;
}

export type AlertsOptions = AlertsSettings &
  AlertsPlace &
  (
    | { readonly redis: RedisOptions; readonly backend?: undefined }
    /** In place of Redis, for tests: what `new MemoryCluster().connect()` returns. */
    | { readonly backend: Backend; readonly redis?: undefined }
  );
