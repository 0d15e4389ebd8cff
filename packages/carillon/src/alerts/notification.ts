import type { AlertRule } from './rule.js';

/** An alert and its reason. Times are ISO strings. */
export interface Alert {
  /** Names this alert, from its opening to its closing. */
  readonly id: string;
  /** The name of its rule. */
  readonly rule: string;
  readonly when: AlertRule['when'];
  readonly jobStore: string;
  /** null if it is about no job. */
  readonly jobId: string | null;
  /** null if it is about none, or that is not known. */
  readonly task: string | null;
  /** null: as of `task`. */
  readonly executor: string | null;
  /** The run that it was opened by, where it was one. */
  readonly runId: string | null;
  readonly openedAt: string;
  /** A sentence in English. Of a job, it is the one of `explain`. */
  readonly why: string;
  /** Of `explain`; null if it was not asked. */
  readonly code: string | null;
  /** Where to look; null if there is no template for it. */
  readonly link: string | null;
}

/** What a target gets: the body of a webhook. */
export type AlertNotification =
  | { readonly type: 'alert.opened'; readonly timestamp: string; readonly data: Alert }
  | { readonly type: 'alert.closed'; readonly timestamp: string; readonly data: ClosedAlert }
  | { readonly type: 'alerts.dropped'; readonly timestamp: string; readonly data: DroppedNotifications }
  | { readonly type: 'alerts.gap'; readonly timestamp: string; readonly data: LogGap };

export interface ClosedAlert extends Alert {
  readonly closedAt: string;
  /** Why it is over. */
  readonly because: string;
}

/** Notifications that the target did not get, as too many were waiting or it took none for too long. It got those before and after. */
export interface DroppedNotifications {
  readonly jobStore: string;
  readonly rule: string;
  readonly count: number;
}

/** Events that were not read, as the log did not go back so far. Alerts may be missing. */
export interface LogGap {
  readonly jobStore: string;
  /** From when on, and until when, events are missing. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}
