import type { Trigger } from '@carillon/core';
import { type AccountOfJob, type Timeline, timelineOf } from '../../packages/core/src/account/timeline.js';
import type { JobDefinition } from '../../packages/core/src/job/definition.js';
import { encodeJob } from '../../packages/core/src/job/record.js';
import { definitionOf } from './job-definition.js';

interface Since {
  readonly at: string;
  /** null if it is paused. */
  readonly first?: string | null;
  readonly actor?: string;
  readonly reason?: string;
}

export const ms = (text: string) => Date.parse(text);

/** A job's record, with the time, the first fire time and the actor of its revision. */
export function record(trigger: Trigger, { at, first, actor, reason }: Since, more: Partial<JobDefinition> = {}) {
  const since = { at: ms(at), ...(first === undefined ? {} : { first: first && ms(first) }), actor, reason };
  return { ...JSON.parse(encodeJob(definitionOf(trigger, ms(at), more))), since };
}

/** The account's entry for a change of a job: what it did, and the old values of the record. */
export function changed(at: string, rev: number, generation: number, reported: object): string {
  return `r${ms(at)} ${rev} ${generation} ${JSON.stringify(reported)}`;
}

export function ended(at: string, rev: number, generation: number, reported: object, last: object): string {
  return `d${ms(at)} ${rev} ${generation} ${JSON.stringify(reported)}\n${JSON.stringify(last)}`;
}

export function outcomes(at: string, text: string): string {
  return `s${ms(at)} ${text}`;
}

interface HandMade {
  readonly now: string;
  readonly from?: string | null;
  readonly job?: { readonly rev: number; readonly generation: number; readonly record: object } | null;
  /** The next fire time; null if the job is paused. */
  readonly pending?: string | null;
  readonly open?: readonly string[];
  readonly entries?: readonly string[];
}

/** The timeline of job `j`, whose account was written by hand. */
export function handMade({
  now,
  from = '2026-01-01T00:00:00Z',
  job = null,
  pending = null,
  ...rest
}: HandMade): Timeline {
  const { open = [], entries = [] } = rest;
  const fireTime = pending === null ? null : ms(pending);
  const stored: AccountOfJob['job'] = job && {
    id: 'j',
    rev: job.rev,
    generation: job.generation,
    digest: '',
    json: JSON.stringify(job.record),
    pending: fireTime !== null ? { fireTime, dueAt: fireTime } : null,
    last: null,
  };
  return timelineOf({ id: 'j', now: ms(now), from: from === null ? null : ms(from), job: stored, open, entries });
}
