import { useState } from 'preact/hooks';
import type { QuarantinedRecord } from '../../api/types';
import { Dialog } from '../../parts/dialog';
import { Empty } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { may } from '../../session';
import { RestoreDialog, ThrowAwayDialog } from './actions';

interface Asked {
  readonly what: 'look' | 'restore' | 'remove';
  readonly record: QuarantinedRecord;
}

export function Quarantine({
  store,
  records,
  done,
}: {
  readonly store: string;
  readonly records: readonly QuarantinedRecord[];
  readonly done: () => void;
}) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const ask = (what: Asked['what'], record: QuarantinedRecord) => () => setAsked({ what, record });
  return (
    <section class="panel stack">
      <h2>Quarantine</h2>
      {records.length === 0 ? (
        <Empty title="Nothing is in quarantine">A record that cannot be read is moved here, and does not fire.</Empty>
      ) : (
        <Table<QuarantinedRecord>
          name="Quarantine"
          rows={records}
          keyOf={({ id }) => id}
          columns={[
            {
              id: 'id',
              head: 'Record',
              cell: ({ id, kind }) => (
                <span class="break">
                  {id} {kind === 'job' && <span class="muted small">a job</span>}
                </span>
              ),
            },
            { id: 'why', head: 'Why', class: 'wide', cell: ({ why }) => <span class="break small">{why}</span> },
            {
              id: 'at',
              head: 'Since',
              class: 'wide',
              cell: ({ at }) => (at === null ? 'not known' : <Time at={at} />),
            },
            {
              id: 'do',
              head: <span class="hidden-text">What to do</span>,
              cell: (record) => (
                <div class="row">
                  <button type="button" class="button" onClick={ask('look', record)}>
                    Look
                  </button>
                  {may('administer') && record.restorable && (
                    <button type="button" class="button" onClick={ask('restore', record)}>
                      Put back…
                    </button>
                  )}
                  {may('administer') && (
                    <button type="button" class="button danger" onClick={ask('remove', record)}>
                      Throw away…
                    </button>
                  )}
                </div>
              ),
            },
          ]}
        />
      )}
      {asked?.what === 'look' && <Look record={asked.record} onClose={close} />}
      {asked?.what === 'restore' && <RestoreDialog {...{ store, done }} record={asked.record} onClose={close} />}
      {asked?.what === 'remove' && <ThrowAwayDialog {...{ store, done }} record={asked.record} onClose={close} />}
    </section>
  );
}

const MOST_SHOWN = 20_000;

function Look({ record, onClose }: { readonly record: QuarantinedRecord; readonly onClose: () => void }) {
  const { id, why, raw, restorable, movedTo } = record;
  return (
    <Dialog title={id} onClose={onClose}>
      <p class="break">{why}</p>
      {movedTo !== null && <p class="break small muted">It is kept in {movedTo}.</p>}
      <p>
        {restorable
          ? 'It can be read now: put it back, and it is due when it was.'
          : 'It cannot be put back as it is: mend what is named above, or throw it away and add the job again.'}
      </p>
      {raw === null ? (
        <p class="notice">Your role is not shown the record.</p>
      ) : (
        <pre>{raw.length > MOST_SHOWN ? `${raw.slice(0, MOST_SHOWN)}… (${raw.length} characters)` : raw}</pre>
      )}
    </Dialog>
  );
}
