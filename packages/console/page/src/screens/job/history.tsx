import { useEffect } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import type { OutcomesOfJob, Run, RunPage } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { shortJson } from '../../parts/json';
import { Outcome } from '../../parts/outcome';
import { Empty, Shown } from '../../parts/states';
import { Strip } from '../../parts/strip';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { durationText } from '../../time';
import { type HistoryRow, type Lives, livesOf, rowsOf } from './history-rows';
import type { OfJob } from './of-job';

const MOST = 50;

/** The outcomes of a job's fires: runs that are kept, and outcomes alone of the others. */
export function History({ store, job: { id }, version, explain }: OfJob) {
  const loaded = useLoad(`${store} ${id}`, async (signal) => {
    const body = { jobs: [id], limit: MOST };
    const [{ jobs }, { runs }, failed] = await Promise.all([
      call<{ jobs: readonly OutcomesOfJob[] }>(inStore(store, 'outcomes'), { method: 'POST', body, signal }),
      call<RunPage>(`${inStore(store, 'jobs', id, 'runs')}?limit=${MOST}`, { signal }),
      // Failures are kept where nothing else of a run is.
      call<RunPage>(`${inStore(store, 'runs')}${queryOf({ job: id, outcome: 'error', limit: MOST })}`, { signal }),
    ]);
    const outcomes = jobs[0]?.outcomes ?? [];
    const rows = rowsOf(outcomes, [...failed.runs, ...runs], MOST);
    return { outcomes, rows, lives: await livesOf(store, rows, signal) };
  });
  useEffect(() => {
    if (version > 0) loaded.reload();
  }, [version]);
  return (
    <section class="panel" aria-labelledby="history">
      <div class="row spread">
        <h2 id="history">History</h2>
        <Strip outcomes={loaded.data?.outcomes} />
      </div>
      <Shown of={loaded} what="the history">
        {({ rows, lives }) =>
          rows.length === 0 ? (
            <Empty title="It has not run yet">Run it now, or wait for its next fire.</Empty>
          ) : (
            <Table name="History" rows={rows} keyOf={({ key }) => key} columns={columnsOf(lives, explain)} />
          )
        }
      </Shown>
    </section>
  );
}

function columnsOf(lives: Lives, explain: (at: string) => void) {
  const lifeOf = ({ run }: HistoryRow) => (run ? lives.get(run.runId) : undefined);
  return [
    {
      id: 'at',
      head: 'Fire time',
      cell: ({ at, asked }: HistoryRow) => (
        <button type="button" class="fire" onClick={() => explain(at)} title="Explain">
          <Time at={at} />
          {asked && <span class="badge">asked for</span>}
        </button>
      ),
    },
    { id: 'outcome', head: 'Outcome', cell: ({ outcome }: HistoryRow) => <Outcome of={outcome} /> },
    {
      id: 'duration',
      head: 'Took',
      class: 'number wide',
      cell: (row: HistoryRow) => {
        const ms = lifeOf(row)?.runMs;
        return typeof ms === 'number' ? durationText(ms) : '';
      },
    },
    {
      id: 'attempts',
      head: 'Attempts',
      class: 'number wide',
      cell: (row: HistoryRow) => row.run?.attempt ?? lifeOf(row)?.attempts ?? '',
    },
    { id: 'what', head: 'Result, error or progress', cell: ({ run }: HistoryRow) => (run ? <Came of={run} /> : '') },
  ];
}

/** What came of a run, or how far it is. */
function Came({ of: run }: { readonly of: Run }) {
  const [last] = run.executions.slice(-1);
  if (run.redacted) return <span class="muted">not shown to you</span>;
  if (last?.error) {
    return (
      <span class="break">
        <strong>{last.error.name}</strong>: {last.error.message}
      </span>
    );
  }
  if (last && last.value !== undefined && last.value !== null)
    return <code class="break">{shortJson(last.value, 160)}</code>;
  if (run.progress !== undefined && run.progress !== null)
    return <code class="break">{shortJson(run.progress, 160)}</code>;
  return null;
}
