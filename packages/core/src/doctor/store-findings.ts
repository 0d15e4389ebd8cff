import { counted, ofNumber } from '../counted.js';
import { lengthText } from '../duration-text.js';
import type { StoreFacts } from './facts.js';
import { type Finding, type FindingCode, LATE_MS, named } from './finding.js';

/** An epoch is the instant at which a term began, or a little more where terms are short. */
const CLOCK_MS = 1_000;

/** What is wrong with a job store as a whole. */
export function storeFindings({ inspection, known, unreadable, newer, firstDue }: StoreFacts): Finding[] {
  const { jobStore, now, leader, paused, counts, nextDue, nextDelivery, quarantined } = inspection;
  const findings: Finding[] = [];
  const note = (level: Finding['level'], code: FindingCode, finding: string, whatToDo: string) =>
    findings.push({ level, code, jobStore, finding, whatToDo });
  const lateMs = (at: Date | null) => (at ? now.getTime() - at.getTime() : 0);
  // Jobs of a newer release stay due: no leader that does not read them claims them.
  const claimable = newer > 0 ? firstDue : nextDue;
  const isInUse = counts.jobs + counts.runs > 0;

  if (!known && !isInUse) {
    note(
      'warning',
      'job_store_unknown',
      'no member has registered it, and it is empty',
      'Check the name and the prefix.',
    );
  }
  if (!leader) {
    const todo = `Start a coordinator for it: \`carillon coordinator --job-store ${jobStore}\`.`;
    note(isInUse ? 'error' : 'warning', 'no_leader', 'no coordinator leads it: nothing fires', todo);
  }
  const behindMs = (leader?.epoch ?? 0) - now.getTime();
  if (behindMs > CLOCK_MS) {
    const finding = `Redis' clock went back: it is ${lengthText(behindMs)} behind the instant at which a term began`;
    const todo =
      'Jobs fire again once the clock reaches their next fire times. To make a job fire sooner, run `carillon jobs pause <id>`, then `carillon jobs resume <id>`. For a job with an interval that was added at a later time than the clock shows now, run `carillon jobs reschedule <id> --every …`.';
    note('warning', 'clock_went_back', finding, todo);
  }
  if (paused) {
    note('warning', 'paused', 'it is paused: nothing fires', 'Resume it: `carillon jobs resume --all`.');
  }
  if (leader && !paused && lateMs(claimable) > LATE_MS) {
    const finding = `its first job was due ${lengthText(lateMs(claimable))} ago, and was not claimed`;
    note('error', 'overdue', finding, "Look at the leader's log.");
  }
  if (lateMs(nextDelivery) > 0) {
    const isLate = lateMs(nextDelivery) > LATE_MS;
    const finding = `${counted(counts.outbox, 'run is', 'runs are')} in the outbox, ${ofNumber(counts.outbox, '', 'the first ')}for ${lengthText(lateMs(nextDelivery))}`;
    const todo = isLate
      ? "They are owed, and will be delivered once a leader can deliver them: look at the leader's log."
      : 'They are about to be delivered: look again in a moment.';
    note(isLate ? 'error' : 'warning', 'outbox_not_empty', finding, todo);
  }
  if (counts.quarantine > 0) {
    const why = quarantined[0] ? ` (${JSON.stringify(quarantined[0].id)}: ${quarantined[0].why})` : '';
    const ids = named(quarantined.map(({ id }) => id));
    const finding = `${counted(counts.quarantine, 'record that cannot be read, or job that cannot be planned, is', 'records that cannot be read, or jobs that cannot be planned, are')} in quarantine: ${ids}${why}`;
    const todo =
      'Jobs among them do not fire. `carillon quarantine list` shows which can be restored; add the others again, then remove them: `carillon quarantine remove <id>`.';
    note('error', 'quarantine_not_empty', finding, todo);
  }
  if (unreadable > 0) {
    const finding = `${counted(unreadable, 'job')} cannot be read: ${ofNumber(unreadable, 'it goes to quarantine when it is', 'they go to quarantine when they are')} due`;
    const todo =
      'A newer Carillon or another program wrote them. Bring all members to that version, or add the jobs again with `replaceExisting`, or remove them.';
    note('error', 'jobs_unreadable', finding, todo);
  }
  if (newer > 0) {
    const finding = `a newer release wrote ${counted(newer, 'job')}, which this release cannot read: ${ofNumber(newer, 'it fires', 'they fire')} once a coordinator that reads ${ofNumber(newer, 'it', 'them')} leads`;
    note('warning', 'jobs_newer', finding, 'Upgrade the coordinators. Nothing is lost meanwhile.');
  }
  return findings;
}
