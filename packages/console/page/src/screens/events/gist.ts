import type { ConsoleEvent } from '../../api/types';
import { shortJson } from '../../parts/json';

const SHOWN_ELSEWHERE = new Set([
  'v',
  'seq',
  'type',
  'at',
  'jobStore',
  'eventId',
  'jobId',
  'runId',
  'task',
  'executionId',
  'redacted',
]);

/** What an event says apart from its type, its job and its run, on one line. */
export function gistOf(event: ConsoleEvent): string {
  const { error } = event as { readonly error?: { readonly name?: unknown; readonly message?: unknown } };
  const parts = error ? [`${error.name}: ${error.message}`] : [];
  for (const [member, value] of Object.entries(event)) {
    if (SHOWN_ELSEWHERE.has(member) || member === 'error' || value === null) continue;
    parts.push(`${member} ${typeof value === 'string' ? value : shortJson(value, 60)}`);
  }
  return parts.join(' · ');
}
