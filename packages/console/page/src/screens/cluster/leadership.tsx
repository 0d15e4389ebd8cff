import { Empty } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { durationText } from '../../time';
import type { ClusterWhole } from './cluster-whole';
import { type Term, termRows } from './terms';

const ENDS: Readonly<Record<string, string>> = {
  shutdown: 'it was shut down',
  lease_lost: 'it lost its lease',
  handed_over: 'handed over',
  silent: 'it was silent: taken over',
};

export function Leadership({ inspected, measured, history }: ClusterWhole) {
  const { leader, format } = inspected;
  const leading = measured.coordinators.find(({ leads }) => leads);
  const epoch = leader?.epoch ?? null;
  const current = epoch === null ? null : { epoch, coordinatorId: leading?.coordinatorId ?? 'not known' };
  return (
    <section class="panel stack">
      <h2>Coordinators</h2>
      {leader === null && (
        <p class="notice bad" role="alert">
          No coordinator leads: nothing fires. Start a coordinator, or look at the logs of those that run.
        </p>
      )}
      <dl class="facts">
        {leader !== null && (
          <>
            <dt>Leader</dt>
            <dd>
              {leading?.coordinatorId ?? 'not known'}, term {leader.epoch ?? 'not known'}
            </dd>
            <dt>Leads until</dt>
            <dd>
              <Time at={leader.until} withDistance />, unless it shows that it lives
            </dd>
          </>
        )}
        <dt>All of them</dt>
        <dd>{measured.coordinators.map(({ coordinatorId }) => coordinatorId).join(', ') || 'none'}</dd>
        <dt>Format</dt>
        <dd>
          {format} <span class="muted">the highest that all coordinators and workers read</span>
        </dd>
      </dl>
      <h3>Terms and takeovers</h3>
      <Terms rows={termRows(history.terms, current)} />
    </section>
  );
}

function Terms({ rows }: { readonly rows: readonly Term[] }) {
  if (rows.length === 0)
    return <Empty title="No term is recorded">The account of the job store begins with its next leader.</Empty>;
  return (
    <Table<Term>
      name="Terms"
      rows={rows}
      keyOf={({ epoch }) => String(epoch)}
      columns={[
        { id: 'epoch', head: 'Term', class: 'number', cell: ({ epoch }) => epoch },
        { id: 'who', head: 'Coordinator', cell: ({ coordinatorId }) => <span class="break">{coordinatorId}</span> },
        {
          id: 'from',
          head: 'From',
          class: 'wide',
          cell: ({ from }) => (from === null ? <span class="muted">not recorded</span> : <Time at={from} />),
        },
        { id: 'to', head: 'To', class: 'wide', cell: ({ to }) => (to === null ? 'now' : <Time at={to} />) },
        { id: 'end', head: 'End', cell: ({ end }) => (end === null ? 'it leads' : (ENDS[end] ?? end)) },
        {
          id: 'gap',
          head: 'No leader before',
          class: 'end',
          cell: ({ gapMs }) => (gapMs === null ? <span class="muted">not known</span> : durationText(gapMs)),
        },
      ]}
    />
  );
}
