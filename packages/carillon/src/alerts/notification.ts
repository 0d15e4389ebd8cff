import type { AlertRule } from './rule.js';

/** An alert and its reason. Times are ISO strings. */
export interface Alert {
  /** The id of this alert, the same from its opening to its closing. */
  readonly id: string;
  /** The name of its rule. */
  readonly rule: string;
  readonly when: AlertRule['when'];
  readonly jobStore: string;
  /** The job of the alert; null if it is not about a job. */
  readonly jobId: string | null;
  /** The task of the alert; null if it is not about a task, or the task is not known. */
  readonly task: string | null;
  /** The executor of the alert; null as for `task`. */
  readonly executor: string | null;
  /** The run that opened it; null if no run did. */
  readonly runId: string | null;
  readonly openedAt: string;
  /** The reason, as a sentence in English. For a job, it is the sentence of `explain`. */
  readonly why: string;
  /** The code of `explain`; null if `explain` was not called. */
  readonly code: string | null;
  /** The link to a page about it; null if the settings have no template for links. */
  readonly link: string | null;
}

/** A notification: the body of a webhook. */
export type AlertNotification =
  | { readonly type: 'alert.opened'; readonly timestamp: string; readonly data: Alert }
  | { readonly type: 'alert.closed'; readonly timestamp: string; readonly data: ClosedAlert }
  | { readonly type: 'alerts.dropped'; readonly timestamp: string; readonly data: DroppedNotifications }
  | { readonly type: 'alerts.gap'; readonly timestamp: string; readonly data: LogGap };

export interface ClosedAlert extends Alert {
  readonly closedAt: string;
  /** Why it closed. */
  readonly because: string;
}

/**
 * Notifications that the target did not get, as too many were waiting, or it accepted none for too long. It gets those before and
 * after.
 */
export interface DroppedNotifications {
  readonly jobStore: string;
  readonly rule: string;
  readonly count: number;
}

/** A gap: events that were not read, as the log did not go back far enough. Alerts may be missing. */
export interface LogGap {
  readonly jobStore: string;
  /** The period in which events are missing. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}
