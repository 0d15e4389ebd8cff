import { type Claim, type Report, ScriptError, type TermStore, type UnreadableJob } from '@carillon/core/internal';
import { unfenced } from './fenced.js';

interface Parts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly report: Report;
}

/**
 * Claims jobs, all at once where that goes. Answers those whose run the store does not take: they are to be moved aside. A claim
 * that breaks the script off keeps no other from being claimed: it is tried again with the next tick.
 * @throws TermOver
 */
export async function claimJobs(parts: Parts, epoch: number, claims: readonly Claim[]): Promise<UnreadableJob[]> {
  if (claims.length === 0) return [];
  try {
    const answer = unfenced(await parts.terms.claim({ epoch, claims }));
    if (typeof answer !== 'object') return [];
    const refused = claims.filter(({ run }) => run?.runId === answer.refused);
    if (refused.length === 0) throw new ScriptError(`the store does not take run ${answer.refused}`);
    const others = await claimJobs(
      parts,
      epoch,
      claims.filter((claim) => !refused.includes(claim)),
    );
    return [...refused.map(unclaimable), ...others];
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const [only] = claims;
    if (only && claims.length === 1) {
      parts.report({ kind: 'claim_failed', jobStore: parts.jobStore, jobId: only.id, error });
      return [];
    }
    const half = Math.ceil(claims.length / 2);
    const first = await claimJobs(parts, epoch, claims.slice(0, half));
    return [...first, ...(await claimJobs(parts, epoch, claims.slice(half)))];
  }
}

function unclaimable({ id, expected: { rev, dueAt } }: Claim): UnreadableJob {
  return { id, rev, why: 'it cannot be claimed: the store does not take its run', pending: { fireTime: dueAt, dueAt } };
}
