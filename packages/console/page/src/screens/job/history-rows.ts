import { call, inStore } from '../../api/client';
import type { OutcomesOfJob, Run, RunExplanation } from '../../api/types';

/** A fire of a job, or a run that was asked for. */
export interface HistoryRow {
  readonly key: string;
  readonly at: string;
  readonly outcome: string;
  readonly asked: boolean;
  /** null means that only its outcome is kept. */
  readonly run: Run | null;
}

/** Outcomes and runs joined, newest first: a run that is kept has more to say than its outcome. */
export function rowsOf(outcomes: OutcomesOfJob['outcomes'], runs: readonly Run[], most: number): readonly HistoryRow[] {
  const rows = new Map<string, HistoryRow>();
  for (const { outcome, scheduledRunTime, asked } of outcomes) {
    const key = `${scheduledRunTime} ${asked}`;
    rows.set(scheduledRunTime, { key, at: scheduledRunTime, outcome, asked, run: null });
  }
  for (const run of runs) {
    for (const at of run.scheduledRunTimes) {
      const known = rows.get(at);
      const outcome = run.executions.find(({ scheduledRunTime }) => scheduledRunTime === at)?.outcome ?? run.state;
      rows.set(at, {
        key: `${run.runId} ${at}`,
        at,
        outcome: known?.outcome ?? outcome,
        asked: known?.asked ?? false,
        run,
      });
    }
  }
  return [...rows.values()].sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, most);
}

/** How long runs took, and how often they were started. */
export type Lives = ReadonlyMap<string, { readonly runMs: number | null; readonly attempts: number | null }>;

/** The log is read for each: the most runs for which it is, the newest ones. */
const MOST_LIVES = 12;

const known = new Map<string, { runMs: number | null; attempts: number | null }>();
const MOST_KNOWN = 1_000;

/** Of runs that have ended, this stays as it is: it is looked up once. */
export async function livesOf(store: string, rows: readonly HistoryRow[], signal: AbortSignal): Promise<Lives> {
  const ids = rows.flatMap(({ run }) => (run ? [run] : [])).slice(0, MOST_LIVES);
  const lives = new Map<string, { runMs: number | null; attempts: number | null }>();
  await Promise.all(
    ids.map(async ({ runId, settledAt }) => {
      const life = known.get(runId) ?? (await lifeOf(store, runId, signal));
      if (!life) return;
      lives.set(runId, life);
      if (settledAt === undefined) return;
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(runId, life);
    }),
  );
  return lives;
}

async function lifeOf(store: string, runId: string, signal: AbortSignal) {
  try {
    const { evidence } = await call<RunExplanation>(inStore(store, 'runs', runId, 'explain'), { signal });
    const { startedAt, settledAt, attempts } = evidence as {
      startedAt?: string;
      settledAt?: string;
      attempts?: number;
    };
    const runMs = startedAt && settledAt ? new Date(settledAt).getTime() - new Date(startedAt).getTime() : null;
    return { runMs, attempts: attempts ?? null };
  } catch (error) {
    if (signal.aborted) throw error;
    return null; // What is not kept any more is left out.
  }
}
