import type { CheckedRule, RuleOf } from '../check.js';
import { isAbout, isAmong, plainNames } from '../pattern.js';
import { executorSubject, nameOf, STORE, type Subject, subjectOf, type Verdict } from '../verdict.js';
import { instantText, lengthOf } from './words.js';

/** A fire time that has not begun. */
export interface Unstarted {
  readonly jobId: string | null;
  readonly task: string | null;
  readonly executor: string | null;
  readonly runId: string | null;
  readonly fireTime: number;
  /** When it was due, jitter included. */
  readonly dueAt: number;
}

/** A job, and since when it has not succeeded. */
export interface Unsuccessful {
  readonly jobId: string;
  readonly task: string;
  readonly executor: string;
  readonly since: number;
  /** Whether it succeeded at that instant; else it is known since then, and never succeeded. */
  readonly didOnce: boolean;
  /** The last fire time with another outcome; null if there was none. */
  readonly lastFailed: number | null;
}

/** The facts of a job store at an instant of its clock. */
export interface StoreLook {
  readonly now: number;
  readonly isLed: boolean;
  /** `isOwed` if deliveries wait in its queue. */
  readonly executors: readonly { readonly executor: string; readonly isServed: boolean; readonly isOwed: boolean }[];
  readonly unstarted: readonly Unstarted[];
  readonly unsuccessful: readonly Unsuccessful[];
}

/** Since when a condition has been true, ms, by rule and subject. */
export interface Since {
  get(key: string): number | undefined;
  set(key: string, at: number): void;
  delete(key: string): void;
}

/** Returns the verdicts of rules on a look. It stores in `since` the conditions that have to last for a time. */
export function judgeLook(rules: readonly CheckedRule[], look: StoreLook, since: Since): readonly Verdict[] {
  return rules.flatMap((rule): readonly Verdict[] => {
    switch (rule.when) {
      case 'late':
        return late(rule, look);
      case 'no_success':
        return noSuccess(rule, look);
      case 'no_leader':
        return goneOn(rule, STORE, !look.isLed, look.now, since);
      case 'no_workers':
        return look.executors
          .filter(({ executor }) => isAmong(rule.executor, executor))
          .flatMap(({ executor, isServed, isOwed }) => {
            const isMeant = isOwed || plainNames(rule.executor).includes(executor);
            return goneOn(rule, executorSubject(executor), isMeant && !isServed, look.now, since);
          });
      default:
        return [];
    }
  });
}

function late(rule: RuleOf<'late'>, { now, unstarted }: StoreLook): Verdict[] {
  return unstarted
    .filter((one) => now - one.dueAt > rule.by && isAbout(rule, one))
    .map((one) => {
      const subject = subjectOf(one);
      const why = `${nameOf(subject)} has not begun the fire time ${instantText(one.fireTime)} after ${lengthOf(now - one.dueAt)}.`;
      return { rule: rule.name, subject, isBad: true, at: now, runId: one.runId, why, ask: one.fireTime };
    });
}

function noSuccess(rule: RuleOf<'no_success'>, { now, unsuccessful }: StoreLook): Verdict[] {
  return unsuccessful
    .filter((one) => now - one.since > rule.for && isAbout(rule, one))
    .map((one) => {
      const subject = subjectOf(one);
      const from = one.didOnce
        ? `since ${instantText(one.since)}`
        : `and never since it is known, ${instantText(one.since)}`;
      const why = `${nameOf(subject)} has not succeeded for ${lengthOf(now - one.since)}, ${from}.`;
      const asks = { ask: one.lastFailed ?? now, explain: 'added' } as const;
      return { rule: rule.name, subject, isBad: true, at: now, runId: null, why, ...asks };
    });
}

const SAYS = {
  no_leader: ['has had no leader', 'a coordinator leads the job store'],
  no_workers: ['has been served by no worker', 'a worker serves the executor, or nothing is owed to it'],
} as const;

/** Judges a condition that has to last for a time. */
function goneOn(
  rule: RuleOf<'no_leader' | 'no_workers'>,
  subject: Subject,
  isSo: boolean,
  now: number,
  since: Since,
): Verdict[] {
  const key = `${rule.name} ${subject.key}`;
  const [is, isOver] = SAYS[rule.when];
  if (!isSo) {
    since.delete(key);
    return [{ rule: rule.name, subject, isBad: false, at: now, because: isOver }];
  }
  const begun = since.get(key) ?? now;
  since.set(key, begun);
  if (now - begun < rule.for) return [];
  const why = `${nameOf(subject)} ${is} for ${lengthOf(now - begun)}, since ${instantText(begun)}.`;
  return [{ rule: rule.name, subject, isBad: true, at: now, runId: null, why, ask: null }];
}
