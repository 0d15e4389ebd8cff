import { type Claim, type JobFault, type Report, StoreRefusalError, type TermStore } from '@carillon/core/internal';
import { valueOrTermOver } from './fenced.js';

interface Parts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly report: Report;
}

/** What came of claims. */
export interface Claimed {
  /** Runs that are to go to their queues, under the deliveries that their claims named, by id. */
  readonly submitted: readonly string[];
  /** Jobs whose run the store does not take: they belong in quarantine. */
  readonly refused: readonly JobFault[];
}

const NOTHING: Claimed = { submitted: [], refused: [] };

/**
 * Claims jobs, all at once if possible. A claim that breaks the script off keeps no other from being claimed: it is tried again
 * with the next tick.
 * @throws TermOver
 */
export async function claimJobs(parts: Parts, epoch: number, claims: readonly Claim[]): Promise<Claimed> {
  if (claims.length === 0) return NOTHING;
  try {
    const answer = valueOrTermOver(await parts.terms.claim({ epoch, claims }));
    if (answer === 'paused') return NOTHING;
    if (!('refused' in answer)) {
      const submitted = claims.flatMap(({ run }, index) => (run && answer[index] === 'submitted' ? run.runId : []));
      return { submitted, refused: [] };
    }
    const refused = claims.filter(({ run }) => run?.runId === answer.refused);
    if (refused.length === 0) throw new StoreRefusalError(`the store does not take run ${answer.refused}`);
    const others = claims.filter((claim) => !refused.includes(claim));
    return both({ submitted: [], refused: refused.map(unclaimable) }, await claimJobs(parts, epoch, others));
  } catch (error) {
    if (!(error instanceof StoreRefusalError)) throw error;
    const [only] = claims;
    if (only && claims.length === 1) {
      parts.report({ kind: 'claim_failed', jobStore: parts.jobStore, jobId: only.id, error });
      return NOTHING;
    }
    const half = Math.ceil(claims.length / 2);
    const first = await claimJobs(parts, epoch, claims.slice(0, half));
    return both(first, await claimJobs(parts, epoch, claims.slice(half)));
  }
}

function both(one: Claimed, other: Claimed): Claimed {
  return { submitted: [...one.submitted, ...other.submitted], refused: [...one.refused, ...other.refused] };
}

function unclaimable({ id, expected: { rev, dueAt } }: Claim): JobFault {
  return { id, rev, why: 'it cannot be claimed: the store does not take its run', pending: { fireTime: dueAt, dueAt } };
}
