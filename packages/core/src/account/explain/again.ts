import type { CarillonEvent, JobSubmittedEvent } from '../../event/events.js';
import type { FireOutcome } from '../recorded.js';
import type { AgainEvidence } from './explanation.js';
import { waitText } from './run-explanation.js';
import { courseOf, type RunTrace, runEvidence } from './trace.js';
import { because, capitalized, timeText } from './words.js';

/** A run that a caller asked for at a fire time that already had one. */
export interface RunAgain {
  /** null if it is no longer known which run it was. */
  readonly trace: RunTrace | null;
  /** The id of the failed run that this one replaces; null if it replaces none. */
  readonly retryOf: string | null;
  /** How it ended at this fire time; null if it has not ended, or if this is no longer known. */
  readonly outcome: FireOutcome | null;
}

const UNKNOWN: Omit<AgainEvidence, 'state' | 'retryOf'> = {
  ...{ runId: null, asked: true, workerId: null, attempts: null },
  ...{ submittedAt: null, startedAt: null, settledAt: null, error: null, actor: null, reason: null },
};

export function againEvidence(again: RunAgain, fireTime: number): AgainEvidence {
  const { trace, retryOf } = again;
  const state = stateOf(again);
  if (!trace) return { ...UNKNOWN, retryOf, state };
  const { actor = null, reason = null } = trace.events.find(isSubmitted) ?? {};
  return { ...runEvidence(trace, courseOf(trace, fireTime), true), retryOf, actor, reason, state };
}

/** Describes the last of these runs: the actor that asked for it, and how it ended. null if there are none. */
export function againText(all: readonly RunAgain[], fireTime: number, zone: string): string | null {
  const last = all.at(-1);
  if (!last) return null;
  const { actor, reason, retryOf, submittedAt, ...evidence } = againEvidence(last, fireTime);
  const asked = retryOf === null ? 'asked for a run of the same instant' : 'ran it again';
  const at = submittedAt === null || retryOf === null ? '' : ` at ${timeText(submittedAt.getTime(), zone)}`;
  const by = `${actor ?? 'an unnamed caller'} ${asked}${at}${because(reason)}`;
  const before = all.length > 1 ? `It was run again ${all.length} times; the last time, ` : '';
  const run = evidence.runId === null ? 'that run, whose id is not known any more,' : `run ${evidence.runId}`;
  return `${capitalized(before + by)}: ${run} ${stateText(last, evidence, zone)}.`;
}

type EndEvidence = Pick<AgainEvidence, 'state' | 'settledAt' | 'error'>;

function stateText({ trace }: RunAgain, { state, settledAt, error }: EndEvidence, zone: string): string {
  const at = settledAt === null ? '' : ` at ${timeText(settledAt.getTime(), zone)}`;
  switch (state) {
    case 'executed':
      return `was executed${at}`;
    case 'error':
      return `failed${at}${error ? ` (${error.name}: ${error.message})` : ''}`;
    case 'cancelled':
      return `was cancelled${at}`;
    case 'missed':
      return `was missed${at}`;
    case 'max_instances':
      return 'did not run, as the job had as many live runs as it may';
    default:
      return trace?.run && 'cancelling' in trace.run
        ? waitText(trace.run, zone)
        : 'has an outcome that is not known any more';
  }
}

/** How a run ended, or its present state. */
function stateOf({ trace, outcome }: RunAgain): string | null {
  return outcome ?? trace?.run?.state ?? null;
}

function isSubmitted(event: CarillonEvent): event is JobSubmittedEvent {
  return event.type === 'job_submitted';
}
