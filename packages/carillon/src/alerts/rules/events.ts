import type { CarillonEvent } from '@carillon/core';
import type { CheckedRule } from '../check.js';
import { isAbout } from '../pattern.js';
import { nameOf, type Subject, type Verdict } from '../verdict.js';
import { instantText, lengthOf } from './words.js';

/** The facts about the subject of an event. */
export interface EventFacts {
  readonly subject: Subject;
  /** How many executions in a row failed, this one included. */
  readonly failures: number;
  /** For the beginning of a run: its fire time, ms, and how late it began. */
  readonly began: { readonly fireTime: number; readonly lateMs: number } | null;
}

/** Returns the verdicts of rules on an event. */
export function judgeEvent(rules: readonly CheckedRule[], event: CarillonEvent, facts: EventFacts): readonly Verdict[] {
  const { subject } = facts;
  // Nothing is known any more of what the filters ask for.
  const about = event.type === 'job_removed' ? rules : rules.filter((rule) => isAbout(rule, subject));
  return about.flatMap((rule) => judge(rule, event, facts) ?? []);
}

function judge(rule: CheckedRule, event: CarillonEvent, facts: EventFacts): Verdict | undefined {
  const { subject } = facts;
  const at = event.at.getTime();
  const good = (because: string): Verdict => ({ rule: rule.name, subject, isBad: false, at, because });
  const bad = (why: string, ask: number, runId: string | null): Verdict => {
    return { rule: rule.name, subject, isBad: true, at, why: `${nameOf(subject)} ${why}`, ask, runId };
  };
  if (event.type === 'job_removed') return good('the job was removed');
  switch (rule.when) {
    case 'failed':
      if (event.type === 'job_executed')
        return good(`the fire time ${instantText(event.scheduledRunTime.getTime())} succeeded`);
      if (event.type !== 'job_error' || facts.failures < rule.times) return undefined;
      return bad(failed(facts.failures, event.error), event.scheduledRunTime.getTime(), event.runId);
    case 'no_success':
      return event.type === 'job_executed' ? good('it succeeded') : undefined;
    case 'missed': {
      if (event.type === 'job_started') return good('a later fire time began to run');
      if (event.type !== 'job_missed') return undefined;
      return bad(missed(event.first.getTime(), event.last.getTime()), event.first.getTime(), event.runId);
    }
    case 'late': {
      if (event.type !== 'job_started' || !facts.began) return undefined;
      const { fireTime, lateMs } = facts.began;
      if (lateMs <= rule.by) return good(`the fire time ${instantText(fireTime)} began in time`);
      return bad(`began ${lengthOf(lateMs)} late, at fire time ${instantText(fireTime)}.`, fireTime, event.runId);
    }
    default:
      return undefined;
  }
}

function failed(times: number, { name, message }: { readonly name: string; readonly message: string }): string {
  const how = times === 1 ? 'failed' : `failed ${times} times in a row, the last time`;
  return `${how} by ${name}: ${message.slice(0, 500)}`;
}

function missed(first: number, last: number): string {
  return first === last
    ? `missed the fire time ${instantText(first)}.`
    : `missed the fire times from ${instantText(first)} to ${instantText(last)}.`;
}

/**
 * Returns how many executions in a row have failed after an event. Executions that were cancelled, or did not run, do not change the
 * count.
 */
export function failuresAfter(before: number, { type }: CarillonEvent): number {
  if (type === 'job_error') return before + 1;
  return type === 'job_executed' || type === 'job_removed' ? 0 : before;
}
