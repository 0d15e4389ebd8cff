export type { ListedAlert, SilenceOptions } from './alert-store.js';
export { Alerts, type AlertsHealth } from './alerts.js';
export type { Alert, AlertNotification, ClosedAlert, DroppedNotifications, LogGap } from './notification.js';
export type {
  AlertFunction,
  AlertsOptions,
  AlertsSettings,
  AlertTarget,
  AlertWebhook,
  JobHeartbeat,
  SchedulerHeartbeat,
} from './options.js';
export type {
  AlertFilter,
  AlertRule,
  AuditGapRule,
  FailedRule,
  LateRule,
  MissedRule,
  NoLeaderRule,
  NoSuccessRule,
  NoWorkersRule,
} from './rule.js';
export type { Silence } from './silence.js';
