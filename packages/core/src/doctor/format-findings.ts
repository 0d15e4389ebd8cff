import { ofNumber } from '../counted.js';
import type { FormatReader, JobStoreInspection } from '../scheduler/inspection.js';
import { type Finding, named } from './finding.js';

/** A job store that this release cannot look at. */
export function notRead({ jobStore, why }: { readonly jobStore: string; readonly why: string }): Finding {
  const whatToDo = 'Run the `carillon doctor` of the release that wrote it.';
  return { level: 'error', code: 'format_not_read', jobStore, finding: why, whatToDo };
}

/** What is wrong with the format of a job store: members that are not served, or that keep newer ones from writing as they could. */
export function formatFindings({
  jobStore,
  format,
  readers,
}: Pick<JobStoreInspection, 'jobStore' | 'format' | 'readers'>): Finding[] {
  const findings: Finding[] = [];
  const unserved = readers.filter(({ reads }) => reads !== null && reads < format);
  if (unserved.length > 0) {
    const finding = `it is written in format ${format}, which ${inWords(unserved)} not read: ${ofNumber(unserved.length, 'it is', 'they are')} not served`;
    const whatToDo =
      'Upgrade them. If newer members can still write a format that they read, they are served within seconds: look again.';
    findings.push({ level: 'error', code: 'format_too_new', jobStore, finding, whatToDo });
  }
  const highest = Math.max(format, ...readers.map(({ reads }) => reads ?? 0));
  const holding = readers.filter(({ reads }) => reads === format && reads < highest);
  if (holding.length > 0) {
    const finding = `it is written in format ${format}, and some of its members read ${highest}: ${inWords(holding)} not`;
    const whatToDo = 'Upgrade them; while both releases run, nothing is lost, and the newer format is not used yet.';
    findings.push({ level: 'warning', code: 'format_held_down', jobStore, finding, whatToDo });
  }
  return findings;
}

function inWords(readers: readonly FormatReader[]): string {
  const ids = (role: FormatReader['role']) => readers.filter((one) => one.role === role).map(({ id }) => id);
  const members = (['coordinator', 'worker'] as const).flatMap((role) =>
    ids(role).length > 0 ? [`${ofNumber(ids(role).length, role)} ${named(ids(role))}`] : [],
  );
  return `${members.join(' and ')} ${ofNumber(readers.length, 'does', 'do')}`;
}
