import { wallText } from '../../trigger/wall-text.js';
import { zoneOf } from '../../trigger/zone.js';
import type { Deed } from '../revision.js';

/** An instant (ms) by the clock of a job's zone, and in UTC: `2026-10-25 02:30 (Europe/Berlin; 2026-10-25 00:30 UTC)`. */
export function timeText(instant: number, zone: string): string {
  if (zone.toUpperCase() === 'UTC') return `${wallText(instant)} UTC`;
  const wall = wallText(instant + zoneOf(zone, 'explain').periodAt(instant).offset);
  return `${wall} (${zone}; ${wallText(instant)} UTC)`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time as people say it: `45 ms`, `1.2 s`, `2 min 5 s`, `3 d 4 h`. */
export function lengthText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  const index = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[index] ?? ['s', 1_000];
  const [smaller, part] = UNITS[index + 1] ?? [undefined, size];
  const whole = Math.floor(ms / size);
  const rest = Math.floor((ms - whole * size) / part);
  return smaller === undefined || rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller}`;
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

/** What somebody did to a job: `Ann paused the job at … because of 'month end'`. */
export function deedText({ what, actor, reason }: Deed, at: number | null, zone: string): string {
  const when = at === null ? '' : ` at ${timeText(at, zone)}`;
  if (what === 'finished') return `the job finished${when}: its trigger named no more fire times`;
  if (what === 'quarantined') return `the job was moved to quarantine${when}`;
  return `${actor ?? 'somebody'} ${DEEDS[what ?? ''] ?? 'changed the job'}${when}${because(reason)}`;
}

export function because(reason: string | null): string {
  return reason === null ? '' : ` because of '${reason}'`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
