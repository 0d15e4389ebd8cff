/** What is known of an event of a run; instants are ISO strings. */
interface LifeEvent {
  readonly type: string;
  readonly at: string;
  readonly attempt?: unknown;
  readonly workerId?: unknown;
  readonly retryAt?: unknown;
  readonly scheduledRunTime?: unknown;
}

export interface LifeOfRun {
  /** When its first fire time was due; null if not known. */
  readonly due: string | null;
  readonly events: readonly LifeEvent[];
  /** It has not ended. */
  readonly isLive: boolean;
}

/** A part of the life of a run: a bar. */
export interface LifePart {
  readonly kind: 'planning' | 'early' | 'queued' | 'attempt' | 'waiting';
  readonly name: string;
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** How the attempt ended; `running`: it goes on; null if it is not an attempt. */
  readonly outcome: string | null;
}

const ENDS: Readonly<Record<string, string>> = {
  job_executed: 'executed',
  job_error: 'error',
  job_cancelled: 'cancelled',
  job_missed: 'missed',
  job_max_instances: 'max_instances',
  job_retrying: 'retrying',
};

/**
 * The life of a run as bars, oldest first: due until claimed, claimed until started, each attempt, and the time between attempts. A start
 * that follows a start means that the worker of the first was lost.
 * @param now ms since 1970
 */
export function lifeParts({ due, events, isLive }: LifeOfRun, now: number): readonly LifePart[] {
  const parts: LifePart[] = [];
  const inOrder = events.toSorted((one, other) => ms(one.at) - ms(other.at));
  let since: { readonly at: number; readonly name: string; readonly kind: 'queued' | 'waiting' } | null = null;
  let attempt: { readonly at: number; readonly name: string } | null = null;
  const close = (at: number, outcome: string) => {
    if (attempt) parts.push({ kind: 'attempt', name: attempt.name, from: attempt.at, to: at, outcome });
    else if (since) parts.push({ kind: since.kind, name: since.name, from: since.at, to: at, outcome: null });
    attempt = null;
    since = null;
  };
  for (const event of inOrder) {
    const at = ms(event.at);
    if (event.type === 'job_submitted') {
      if (due !== null) parts.push(beforeClaim(ms(due), at));
      since = { at, name: 'Claimed, in its queue', kind: 'queued' };
    } else if (event.type === 'job_started') {
      close(at, 'worker lost');
      attempt = { at, name: attemptName(event) };
    } else if (Object.hasOwn(ENDS, event.type)) {
      const outcome = ENDS[event.type] ?? '';
      close(at, outcome);
      if (outcome === 'retrying') since = { at, name: 'Waits to be tried again', kind: 'waiting' };
      else if (isLive) since = { at, name: 'Its next fire time', kind: 'waiting' };
    }
  }
  if (isLive) close(Math.max(now, ms(inOrder.at(-1)?.at ?? '')), 'running');
  return parts;
}

/** A run that was asked for ahead of its time is claimed before it is due. */
function beforeClaim(due: number, claimed: number): LifePart {
  if (due > claimed) return { kind: 'early', name: 'Claimed before it is due', from: claimed, to: due, outcome: null };
  return { kind: 'planning', name: 'Due, not claimed', from: due, to: claimed, outcome: null };
}

function attemptName({ attempt, workerId }: LifeEvent): string {
  const which = typeof attempt === 'number' ? `Attempt ${attempt}` : 'Attempt';
  return typeof workerId === 'string' ? `${which}, by ${workerId}` : which;
}

function ms(instant: string): number {
  const at = new Date(instant).getTime();
  return Number.isNaN(at) ? 0 : at;
}
