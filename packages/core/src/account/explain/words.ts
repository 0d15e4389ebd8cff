import { wallText } from '../../trigger/wall-text.js';
import { zoneOf } from '../../trigger/zone.js';
import type { Deed } from '../revision.js';

/** An instant (ms) by the clock of a job's zone, and in UTC: `2026-10-25 02:30 (Europe/Berlin; 2026-10-25 00:30 UTC)`. */
export function timeText(instant: number, zone: string): string {
  if (zone.toUpperCase() === 'UTC') return `${wallText(instant)} UTC`;
  const wall = wallText(instant + zoneOf(zone, 'explain').periodAt(instant).offset);
  return `${wall} (${zone}; ${wallText(instant)} UTC)`;
}

const DEEDS: Readonly<Record<string, string>> = {
  added: 'added the job',
  modified: 'modified the job',
  rescheduled: 'rescheduled the job',
  replaced: 'replaced the job',
  paused: 'paused the job',
  resumed: 'resumed the job',
  removed: 'removed the job',
};

/** Says what a caller did to a job: `Ann paused the job at … because of 'month end'`. */
export function deedText({ what, actor, reason }: Deed, at: number | null, zone: string): string {
  const when = at === null ? '' : ` at ${timeText(at, zone)}`;
  if (what === 'finished') return `the job finished${when}: its trigger named no more fire times`;
  if (what === 'quarantined') return `the job was moved to quarantine${when}`;
  return `${actor ?? 'an unnamed caller'} ${DEEDS[what ?? ''] ?? 'changed the job'}${when}${because(reason)}`;
}

export function because(reason: string | null): string {
  return reason === null ? '' : ` because of '${reason}'`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names the runs that held the places of a job. */
export function heldText(
  holders: readonly { readonly fireTime: number; readonly runId: string | null }[],
  zone: string,
): string {
  const held = holders.map(
    ({ fireTime, runId }) => `the run of ${timeText(fireTime, zone)}${runId === null ? '' : ` (${runId})`}`,
  );
  return `${held.join(' and ')} held ${held.length > 1 ? 'the places' : 'the place'}`;
}

export function sentence(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' ');
}
