import type { Duration } from '@carillon/core';

/**
 * The jobs, tasks or executors of a rule. A pattern is a name in which `*` matches any characters; of several patterns, one has to
 * match.
 */
export interface AlertFilter {
  /** By the id of the job. A run that was enqueued without a job matches no pattern. */
  readonly job?: string | readonly string[] | undefined;
  readonly task?: string | readonly string[] | undefined;
  readonly executor?: string | readonly string[] | undefined;
  /** By the alias of the job store. */
  readonly jobStore?: string | readonly string[] | undefined;
}

interface NamedRule {
  /** 1 to 64 letters, digits, ".", "_" or "-". An open alert belongs to the rule of its name, also after a restart. */
  readonly name: string;
  /** Names of targets; default: all of them. */
  readonly to?: string | readonly string[] | undefined;
}

/** A rule of jobs and their runs. */
interface CommonRule extends NamedRule, AlertFilter {}

/** An execution failed, after a success or as the first one; or several in a row failed. Closes with the next success. */
export interface FailedRule extends CommonRule {
  readonly when: 'failed';
  /** How many failures in a row; default: 1. Executions that were cancelled or missed do not count. */
  readonly times?: number | undefined;
}
/** Fire times were missed. Closes when a later one begins to run. */
export interface MissedRule extends CommonRule {
  readonly when: 'missed';
}
/**
 * A fire time began too late (jitter does not count as lateness), or has not begun after that time. Closes when a later one begins in time.
 */
export interface LateRule extends CommonRule {
  readonly when: 'late';
  readonly by: Duration;
}
/** A job has not succeeded for the time `for`, also while it is paused. Closes with the next success. */
export interface NoSuccessRule extends CommonRule {
  readonly when: 'no_success';
  readonly for: Duration;
}
/** The job store has had no leader for the time `for`. */
export interface NoLeaderRule extends NamedRule, Pick<AlertFilter, 'jobStore'> {
  readonly when: 'no_leader';
  readonly for: Duration;
}
/**
 * No worker has served an executor for the time `for`. It covers executors that `executor` names without `*`, and matching executors
 * with owed runs.
 */
export interface NoWorkersRule extends NamedRule, Pick<AlertFilter, 'executor' | 'jobStore'> {
  readonly when: 'no_workers';
  readonly for: Duration;
}
/** An audit found fire times without an outcome, or with several. Closes when an audit of the same period finds none. */
export interface AuditGapRule extends NamedRule, Pick<AlertFilter, 'job' | 'jobStore'> {
  readonly when: 'audit_gap';
  /** How often the audit runs; default: `'1h'`. */
  readonly every?: Duration | undefined;
}

export type AlertRule =
  | FailedRule
  | MissedRule
  | LateRule
  | NoSuccessRule
  | NoLeaderRule
  | NoWorkersRule
  | AuditGapRule;
