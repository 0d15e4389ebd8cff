import type { Revision } from '../revision.js';
import { leaderless, unserved, within } from '../store-gaps.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { Cause } from './explanation.js';
import { type Subject, zoneOfRevision } from './subject.js';
import { because, timeText } from './words.js';

interface Window {
  readonly from: number;
  readonly to: number;
}

const END = {
  shutdown: 'shut down',
  lease_lost: 'lost its lease',
  handed_over: 'handed over',
  silent: 'stopped silently',
} as const;

/** Returns the causes of delay in a job store within a period (ms), as far as its account has them. */
export function causesOf(store: StoreTimeline, executor: string, { from, to }: Window, zone: string): Cause[] {
  return [
    ...pauses(store, from, to, zone),
    ...leaders(store, from, to, zone),
    ...workers(store, executor, { from, to }, zone),
  ];
}

function pauses({ pauses: all }: StoreTimeline, from: number, to: number, zone: string): Cause[] {
  return within(all, from, to).map((pause) => {
    const { actor, reason } = pause;
    const until = pause.to === null ? 'and it is still paused' : `until ${timeText(pause.to, zone)}`;
    const text = `${actor ?? 'an unnamed caller'} had paused the job store at ${timeText(pause.from, zone)}${because(reason)}, ${until}`;
    return { kind: 'store_paused', ...dates(pause), text };
  });
}

function leaders(store: StoreTimeline, from: number, to: number, zone: string): Cause[] {
  return leaderless(store, from, to).map((gap) => {
    const { after } = gap;
    const next = gap.to === null ? '' : ` until ${timeText(gap.to, zone)}`;
    const who = after?.coordinatorId == null ? 'the coordinator before' : `coordinator ${after.coordinatorId}`;
    const how = after?.end ? `${who} ${END[after.end]}` : 'no coordinator is known to have led';
    const text =
      after?.end === 'silent' && gap.from === gap.to
        ? `${how}, and another one led only from ${timeText(gap.from, zone)} on`
        : after
          ? `no coordinator led from ${timeText(gap.from, zone)}${next}: ${how}`
          : `${how}${next}`;
    return { kind: 'no_leader', ...dates(gap), text };
  });
}

function workers(store: StoreTimeline, executor: string, { from, to }: Window, zone: string): Cause[] {
  return unserved(store, executor, from, to).map((span) => {
    const until = span.to === null || span.to >= to ? '' : ` until ${timeText(span.to, zone)}`;
    const since = span.from > from ? ` from ${timeText(span.from, zone)}` : '';
    const within = `served executor "${executor}"${since}${until}`;
    if (span.perhaps === null)
      return { kind: 'no_worker', ...dates(span), text: `no worker is known to have ${within}` };
    const text = `whether a worker ${within} is not known: worker ${span.perhaps} was there, since before the account of the job store began`;
    return { kind: 'workers_unknown', ...dates(span), text };
  });
}

function dates({ from, to }: { readonly from: number; readonly to: number | null }) {
  return { from: new Date(from), to: to === null ? null : new Date(to) };
}

/** Returns the causes of delay for a fire of a subject. */
export function causesIn(
  subject: Subject,
  revision: Revision | null,
  window: { readonly from: number; readonly to: number },
): Cause[] {
  const executor = revision?.definition.executor ?? 'default';
  return causesOf(subject.store, executor, window, zoneOfRevision(revision));
}

export function causeText(causes: readonly Cause[]): string | null {
  return causes.length === 0 ? null : `Meanwhile ${causes.map(({ text }) => text).join('; ')}.`;
}
