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
  /** With its jitter. */
  readonly dueAt: number;
}

/** A job, and since when it has not ended well. */
export interface Unsuccessful {
  readonly jobId: string;
  readonly task: string;
  readonly executor: string;
  readonly since: number;
  /** Whether it ended well then; else it is known since then, and never did. */
  readonly didOnce: boolean;
  /** The last fire time of which something else became; null if there was none. */
  readonly lastFailed: number | null;
}

/** What was seen of a job store, at an instant of its clock. */
export interface StoreLook {
  readonly now: number;
  readonly isLed: boolean;
  /** `isOwed`: deliveries wait there. */
  readonly executors: readonly { readonly executor: string; readonly isServed: boolean; readonly isOwed: boolean }[];
  readonly unstarted: readonly Unstarted[];
  readonly unsuccessful: readonly Unsuccessful[];
}

/** Since when something has been so, ms, by rule and subject. */
export interface Since {
  get(key: string): number | undefined;
  set(key: string, at: number): void;
  delete(key: string): void;
}

/** What the rules say of a look. It notes in `since` what has to go on for a time. */
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
      const why = `${nameOf(subject)} has not ended well for ${lengthOf(now - one.since)}, ${from}.`;
      const asks = { ask: one.lastFailed ?? now, asked: 'besides' } as const;
      return { rule: rule.name, subject, isBad: true, at: now, runId: null, why, ...asks };
    });
}

const SAYS = {
  no_leader: ['has had no leader', 'a coordinator leads the job store'],
  no_workers: ['has been served by no worker', 'a worker serves the executor, or nothing is owed to it'],
} as const;

/** Of what is bad once it has gone on for a time. */
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
