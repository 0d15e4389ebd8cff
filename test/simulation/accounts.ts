import { type Explanation, Scheduler } from '@carillon/core';
import type { KnownJob, KnownOutcome } from './audit/accounts.js';
import type { World } from './cluster/world.js';
import { Dice } from './dice.js';

/** The most instants of a job that are explained, unless all are. */
const MOST_ASKED = 20;

/** Audits the job store, and explains instants of its jobs. Returns what differs from what happened. */
export async function faultsOfAccounts(world: World, everyInstant: boolean): Promise<readonly string[]> {
  const { backend } = world.operator();
  const scheduler = new Scheduler({ backend, logger: world.logger });
  const report = await scheduler.audit();
  const faults = report.findings.map((one) => `audit: ${JSON.stringify(one)}`);
  faults.push(...report.unreadable.map((one) => `audit: ${JSON.stringify(one)}`));
  const { from } = await backend.jobStore('default').records.account('none');
  // Until the end, some members wrote no account.
  if (from === null) return faults;
  for (const [jobId, known] of world.auditor.accounts) {
    for (const instant of (everyInstant ? instantsOf : someInstantsOf)(known)) {
      if (instant <= from) continue;
      const explanation = await scheduler.explain(jobId, new Date(instant));
      const fault = faultOf(explanation, known, instant, from);
      if (fault !== null) faults.push(`job ${jobId} at ${instant}: ${fault}: ${JSON.stringify(explanation)}`);
    }
  }
  return faults;
}

/** Fire times, the instants between them, and those at which the job was changed. */
function instantsOf({ outcomes, claimed, states }: KnownJob): readonly number[] {
  const fires = [...outcomes.keys(), ...claimed];
  const changes = states.map(({ from }) => from);
  const all = [...new Set([...fires, ...changes])].sort((one, other) => one - other);
  const between = all.flatMap((at, index) => {
    const next = all[index + 1];
    return next !== undefined && next - at > 1 ? [at + Math.floor((next - at) / 2)] : [at + 1];
  });
  return [...all, ...between];
}

/** Some of these instants, if there are many. */
function someInstantsOf(known: KnownJob): readonly number[] {
  const instants = instantsOf(known);
  if (instants.length <= MOST_ASKED) return instants;
  // Separate dice: these draws must not change what follows.
  const dice = new Dice(known.outcomes.size + 1);
  return Array.from({ length: MOST_ASKED }, () => dice.pick(instants));
}

const WAITS: readonly string[] = ['waiting', 'will_fire', 'store_paused'];

const STATES = {
  active: ['not_named', 'other_revision'],
  paused: ['paused'],
  gone: ['not_existing'],
  quarantined: ['quarantined'],
} as const;

/** @param speaksFrom when the account begins, ms */
function faultOf(
  reported: Explanation,
  { outcomes, claimed, states, pending }: KnownJob,
  instant: number,
  speaksFrom: number,
): string | null {
  const known = outcomes.get(instant);
  if (known) return known.some((one) => isAsKnown(reported, one)) ? null : `was ${JSON.stringify(known)}`;
  if (claimed.has(instant)) return reported.code === 'waiting' ? null : 'its run is owed';
  // Jitter may delay it: then it is not claimed yet.
  if (instant === pending && WAITS.includes(reported.code)) return null;
  // At the instant of a change, both states are right.
  const at = states.filter(({ from }) => from === instant).map(({ state }) => state);
  const last = states.findLast(({ from }) => from < instant);
  const before = last?.state ?? 'gone';
  const right = [...at, before].flatMap((state): readonly string[] => STATES[state]);
  // If a job was set aside before the account began, the account knows only that it is not there, not why.
  if (last?.state === 'quarantined' && last.from <= speaksFrom) right.push('not_existing');
  // Fire times that a job owed when it was set aside have no outcome.
  if (states.some(({ state }) => state === 'quarantined')) right.push('quarantined');
  return right.includes(reported.code) ? null : `the job was ${[before, ...at].join(', then ')}`;
}

function isAsKnown({ code, evidence }: Explanation, { outcome, runId, into }: KnownOutcome): boolean {
  if (code !== outcome) return false;
  if (outcome === 'coalesced') return evidence.into?.fireTime.getTime() === into && evidence.into.runId === runId;
  return evidence.run === undefined || runId === null || evidence.run.runId === runId;
}
