import type { Measure } from '../../api/types';
import { Empty } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { linkTo } from '../../router';
import { durationText } from '../../time';
import type { ClusterWhole } from './cluster-whole';

/** What the API says of an executor that has limits in the whole cluster. */
interface Limits {
  readonly executor: string;
  readonly globalConcurrency?: number | null;
  readonly rateLimit?: { readonly max: number; readonly durationMs: number } | null;
  readonly limitedForMs?: number;
}

export function Queues({ inspected, measured }: ClusterWhole) {
  const { counts, nextDelivery, executors } = measured;
  const limits = new Map(inspected.queues.map((queue) => [queue.executor, queue as Limits]));
  return (
    <section class="panel stack">
      <h2>Queues and outbox</h2>
      <dl class="facts">
        <dt>Runs owed</dt>
        <dd>
          <a href={linkTo('runs', '', { state: 'live' })}>{counts.runs}</a>
          <span class="muted"> of which {counts.leases} are started</span>
        </dd>
        <dt>Outbox</dt>
        <dd>
          {counts.outbox} {counts.outbox === 1 ? 'run' : 'runs'} to be put on a queue
          {nextDelivery !== null && (
            <>
              , the first at <Time at={nextDelivery} withDistance />
            </>
          )}
        </dd>
      </dl>
      {executors.length === 0 ? (
        <Empty title="No queue">An executor has one from its first run on.</Empty>
      ) : (
        <Table<Measure['executors'][number]>
          name="Queues"
          rows={executors}
          keyOf={({ executor }) => executor}
          columns={[
            { id: 'executor', head: 'Executor', cell: ({ executor }) => <span class="break">{executor}</span> },
            { id: 'waiting', head: 'Waiting', class: 'end number', cell: ({ waiting }) => waiting },
            { id: 'taken', head: 'With workers', class: 'end number', cell: ({ taken }) => taken },
            {
              id: 'oldest',
              head: 'Oldest queued',
              class: 'wide',
              cell: ({ oldest }) => (oldest === null ? 'none waits' : <Time at={oldest} withDistance />),
            },
            {
              id: 'limits',
              head: 'Limits in the cluster',
              class: 'wide',
              cell: ({ executor }) => limitsText(limits.get(executor)),
            },
          ]}
        />
      )}
    </section>
  );
}

function limitsText(limits: Limits | undefined): string {
  const { globalConcurrency, rateLimit, limitedForMs = 0 } = limits ?? {};
  const parts = [
    ...(globalConcurrency ? [`${globalConcurrency} at once`] : []),
    ...(rateLimit ? [`${rateLimit.max} each ${durationText(rateLimit.durationMs)}`] : []),
    ...(limitedForMs > 0 ? [`lets none begin for ${durationText(limitedForMs)}`] : []),
  ];
  return parts.join(', ') || 'none';
}
