import { useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import type { Forecast } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { counted } from '../../parts/counted';
import { Empty, Shown } from '../../parts/states';
import { Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { linkTo } from '../../router';
import { durationText } from '../../time';
import { Chart } from './chart';

/** The forecast has whole minutes. */
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<string, number>> = { '24 hours': 1, '7 days': 7 };

/** What is to fire, minute by minute, and how many slots that is expected to take. */
export function ForecastPanels({ store }: { readonly store: string }) {
  const [length, setLength] = useState('24 hours');
  const forecast = useLoad(`${store} ${length}`, (signal) => {
    const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const to = from + (DAYS[length] ?? 1) * DAY_MS;
    const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return call<Forecast>(`${inStore(store, 'forecast')}${queryOf(period)}`, { signal });
  });
  return (
    <section class="panel stack" aria-label="Forecast">
      <div class="row spread">
        <h2>Forecast</h2>
        <div class="row">
          {Object.keys(DAYS).map((one) => (
            <button
              key={one}
              type="button"
              class="button quiet"
              aria-pressed={one === length}
              onClick={() => setLength(one)}
            >
              {one}
            </button>
          ))}
          <button type="button" class="button quiet" onClick={forecast.reload}>
            Renew
          </button>
        </div>
      </div>
      <Shown of={forecast} what="the forecast">
        {(data) => <Executors forecast={data} />}
      </Shown>
    </section>
  );
}

function Executors({ forecast }: { readonly forecast: Forecast }) {
  const { executors, worst, from, to, paused, unreadable, jobs } = forecast;
  const busy = executors.filter(({ fires }) => fires.some((count) => count > 0));
  if (busy.length === 0)
    return <Empty title="Nothing fires">No job that is not paused has a fire time in this period.</Empty>;
  return (
    <>
      {paused && <p class="notice warn">All firing is stopped: nothing of this happens until it is resumed.</p>}
      {unreadable > 0 && <p class="notice warn">{unreadable} jobs cannot be read, and are not counted.</p>}
      <p class="small muted">
        {jobs} jobs fire from <Time at={from} isBrief /> to <Time at={to} isBrief />.
      </p>
      {busy.map(({ executor, fires, slotsTaken, slots, meanMs, estimated }) => (
        <div key={executor} class="stack">
          <h3>{executor}</h3>
          <div class="grid">
            <Chart name={`Fires a minute of ${executor}`} values={fires} unit="a minute" />
            {slotsTaken === null ? (
              <p class="muted small">
                How many slots they take is not known: no living worker has executed runs of it lately.
              </p>
            ) : (
              <Chart
                name={`Slots taken of ${executor}`}
                values={slotsTaken}
                limit={slots}
                unit={`of ${counted(slots, 'slot')}`}
              />
            )}
          </div>
          <p class="small muted">
            {meanMs !== null && `A run lately took ${durationText(meanMs)}. `}
            {estimated && 'Some fires are estimated: their triggers fire too often to count one by one.'}
          </p>
        </div>
      ))}
      <h3>The worst minutes</h3>
      <Table<Forecast['worst'][number]>
        name="The worst minutes"
        rows={worst}
        keyOf={({ at, executor }) => `${at} ${executor}`}
        columns={[
          { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} isBrief /> },
          { id: 'executor', head: 'Executor', class: 'wide', cell: ({ executor }) => executor },
          { id: 'fires', head: 'Fires', class: 'end number', cell: ({ fires }) => rounded(fires) },
          {
            id: 'slots',
            head: 'Slots taken',
            class: 'end number',
            cell: ({ slotsTaken, slots }) => (slotsTaken === null ? 'not known' : `${rounded(slotsTaken)} of ${slots}`),
          },
          {
            id: 'jobs',
            head: 'Jobs',
            class: 'wide',
            cell: ({ named, jobs: count }) => (
              <span class="small break">
                {named.map(({ jobId }, place) => (
                  <span key={jobId}>
                    {place > 0 && ', '}
                    <a href={linkTo('jobs', jobId)}>{jobId}</a>
                  </span>
                ))}
                {count > named.length && ` and ${count - named.length} more`}
              </span>
            ),
          },
        ]}
      />
    </>
  );
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
