import { InvalidJobError } from '../errors.js';
import { parseEvent } from '../event/schema.js';
import type { JobRecords } from '../ports/job-records.js';
import { runOf } from '../run/reading.js';
import type { Run } from '../run/run.js';
import { shown } from '../shown.js';

/** Which runs of a job store are meant. */
export interface RunMatch {
  readonly states: ReadonlySet<Run['state']>;
  readonly jobId: string | null;
  readonly task: string | null;
  readonly executor: string | null;
  /** Of those that have ended: when, ms, both included. */
  readonly from: number;
  readonly to: number;
}

export interface RunPage {
  readonly runs: readonly Run[];
  readonly cursor: string | null;
}

export const LIVE_STATES = ['waiting', 'scheduled', 'queued', 'running', 'retrying'] as const;
export const ENDED_STATES = ['executed', 'error', 'missed', 'cancelled', 'max_instances'] as const;

/** How many events are read at once, and how many parts of the ledger or of the log one call looks through at most. */
const EVENTS_AT_ONCE = 1_000;
const MOST_PARTS = 25;
/** How many runs at once. */
const READ_AT_ONCE = 50;
/** Runs of several fire times whose first one was not met yet. */
const MOST_OPEN = 1_000;

/** Where a page begins: in the ledger, or among what has ended. */
type PageStart =
  | { readonly in: 'ledger'; readonly at: string }
  | { readonly in: 'ended'; readonly at: string | null; readonly open: readonly string[] };

/**
 * A page of the runs of a job store: those that are owed first, in no order, then those that have ended, newest first, as far as the log of
 * events has them; where only errors are asked for, as far as the list of failures has them, which is longer. Looks through a bounded
 * part of the store: a page may have fewer runs than asked for, or none, and others follow.
 */
export async function pageOfRuns(
  records: JobRecords,
  jobStore: string,
  match: RunMatch,
  limit: number,
  cursor: string | null,
): Promise<RunPage> {
  const runs: Run[] = [];
  let place: PageStart | null = cursor === null ? begin(match) : decode(cursor);
  for (let parts = 0; place && parts < MOST_PARTS && runs.length < limit; parts++) {
    if (place.in === 'ledger') {
      // A part of the ledger is returned whole, or its cursor would be lost.
      const page = await records.liveRuns({ jobId: match.jobId, cursor: place.at });
      runs.push(...(await liveOf(records, jobStore, page.runIds)).filter((run) => isMeant(run, match)));
      place = page.cursor === '0' ? beginEnded(match) : { in: 'ledger', at: page.cursor };
    } else {
      const page = await ended(records, jobStore, match, place, limit - runs.length);
      runs.push(...page.runs);
      place = page.next;
    }
  }
  return { runs, cursor: place && encode(place) };
}

function begin(match: RunMatch): PageStart | null {
  return LIVE_STATES.some((state) => match.states.has(state)) ? { in: 'ledger', at: '0' } : beginEnded(match);
}

function beginEnded({ states }: RunMatch): PageStart | null {
  return ENDED_STATES.some((state) => states.has(state)) ? { in: 'ended', at: null, open: [] } : null;
}

async function liveOf(records: JobRecords, jobStore: string, runIds: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let from = 0; from < runIds.length; from += READ_AT_ONCE) {
    const part = runIds.slice(from, from + READ_AT_ONCE);
    const readings = await records.runs(part);
    runs.push(
      ...part.flatMap((runId, index) => {
        const reading = readings[index];
        return reading?.live ? (runOf(jobStore, runId, reading) ?? []) : [];
      }),
    );
  }
  return runs;
}

async function ended(
  records: JobRecords,
  jobStore: string,
  match: RunMatch,
  place: PageStart & { readonly in: 'ended' },
  limit: number,
): Promise<{ readonly runs: readonly Run[]; readonly next: PageStart | null }> {
  const ofErrors = ENDED_STATES.filter((state) => match.states.has(state)).join() === 'error';
  const page = { before: place.at, limit: EVENTS_AT_ONCE };
  const events = await (ofErrors ? records.failures(page) : records.newest(page));
  const open = new Set(place.open);
  const runs: Run[] = [];
  let at = place.at;
  for (const { id, message } of events) {
    if (runs.length === limit) return { runs, next: { in: 'ended', at, open: [...open] } };
    at = id;
    const event = parseEvent(message);
    if (event && event.at.getTime() < match.from) return { runs, next: null };
    if (!event || !('runId' in event) || event.runId === null) continue;
    const run = runOf(jobStore, event.runId, { live: null, outcomes: [message] });
    if (!run || isOpen(open, event)) continue;
    if (isMeant(run, match)) runs.push(run);
  }
  return { runs, next: events.length === 0 ? null : { in: 'ended', at, open: [...open] } };
}

/** Whether a later fire time of the same run was met: the run is described by its last one. */
function isOpen(open: Set<string>, event: object & { readonly runId?: string | null }): boolean {
  const { runId } = event;
  if (typeof runId !== 'string') return false;
  const index = 'executionId' in event ? String(event.executionId).split('.').at(-1) : '0';
  const wasMet = open.has(runId);
  if (index === '0') open.delete(runId);
  else if (open.size < MOST_OPEN) open.add(runId);
  return wasMet;
}

function isMeant(run: Run, { states, jobId, task, executor, from, to }: RunMatch): boolean {
  if (!states.has(run.state)) return false;
  if ((jobId !== null && run.jobId !== jobId) || (task !== null && run.task !== task)) return false;
  if (executor !== null && run.executor !== executor) return false;
  if (!('settledAt' in run)) return true;
  const at = run.settledAt.getTime();
  return at >= from && at <= to;
}

const encode = (place: PageStart) => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws InvalidJobError if this is not a cursor that a page gave. */
function decode(cursor: string): PageStart {
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Partial<PageStart> | null;
    if (place?.in === 'ledger' && /^\d+$/.test(place.at ?? '')) return place as PageStart;
    const isPlace = place?.in === 'ended' && (place.at === null || /^\d+-\d+(\.\d+)?$/.test(place.at ?? ''));
    if (isPlace && Array.isArray((place as { open?: unknown }).open)) return place as PageStart;
  } catch {
    // falls through: not a cursor
  }
  throw new InvalidJobError(`cursor: ${shown(cursor)} is not one that getRuns gave`);
}
