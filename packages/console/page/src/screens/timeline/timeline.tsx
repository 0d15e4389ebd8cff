import { QueryField } from '../../parts/query-field';
import '../../../styles/timeline.css';
import { useState } from 'preact/hooks';
import { useLive } from '../../api/live';
import type { Job } from '../../api/types';
import { Empty, Shown } from '../../parts/states';
import { route, setQuery } from '../../router';
import type { ScreenProps } from '../../screen-props';
import { seesWholeStores } from '../../session';
import { timeIn } from '../../time';
import { ExplainDialog } from '../job/explain';
import { Axis, Band } from './band';
import { KINDS } from './cells';
import { ForecastPanels } from './forecast';
import { periodOf, SPANS, viewOf } from './spans';
import { useTimeline } from './use-timeline';

/** The screen also loads each 15 s: the counts of 20 jobs are too much work for each event. */
const EVENTS = ['job_added', 'job_modified', 'job_paused', 'job_resumed', 'job_removed'];

export function Timeline({ store }: ScreenProps) {
  const { query } = route.value;
  const [opened] = useState(() => Date.now());
  const view = viewOf(query.get('span') ?? '', query.get('at') ?? '', opened);
  const period = periodOf(view);
  const text = query.get('text') ?? '';
  const loaded = useTimeline(store, { ...period, text, cursor: query.get('page') ?? '' });
  useLive(store, EVENTS, () => {
    if (!loaded.isLoading) loaded.reload();
  });
  const [asked, setAsked] = useState<{ readonly job: Job; readonly at: string } | null>(null);
  const move = (steps: number) =>
    setQuery({ at: new Date(view.middle + (steps * (period.to - period.from)) / 2).toISOString() });
  return (
    <>
      <div class="screen-head">
        <h1>Timeline</h1>
        <div class="row">
          <button type="button" class="button" onClick={() => move(-1)}>
            Earlier
          </button>
          <button type="button" class="button" onClick={() => setQuery({ at: '' })}>
            Now
          </button>
          <button type="button" class="button" onClick={() => move(1)}>
            Later
          </button>
        </div>
      </div>
      <form class="row filter-row" onSubmit={(event) => event.preventDefault()}>
        <label class="field">
          <span>Show a</span>
          <select class="input" value={view.span} onChange={(event) => setQuery({ span: event.currentTarget.value })}>
            {Object.keys(SPANS).map((span) => (
              <option key={span}>{span}</option>
            ))}
          </select>
        </label>
        <QueryField label="Jobs with" value={text} onEnter={(entered) => setQuery({ text: entered, page: '' })} />
        <span class="small muted">
          {timeIn(period.from)} to {timeIn(period.to)}
        </span>
      </form>
      <ul class="kinds row small" aria-label="Colours">
        {KINDS.map((kind) => (
          <li key={kind}>
            <i class={`swatch ${kind.replace(' ', '-')}`} /> {kind}
          </li>
        ))}
        <li>
          <i class="swatch clock" /> clock change
        </li>
        <li>
          <i class="swatch unrecorded" /> not recorded
        </li>
      </ul>
      <Shown of={loaded} what="the timeline">
        {({ rows, cursor }) =>
          rows.length === 0 ? (
            <Empty title="No jobs">Add a job, or look for other ones: each has a band of its fire times here.</Empty>
          ) : (
            <section class="panel">
              <Axis period={period} />
              {rows.map((row) => (
                <Band
                  key={row.job.id}
                  row={row}
                  period={period}
                  onAsk={(at) => setAsked({ job: row.job, at: new Date(at).toISOString() })}
                />
              ))}
              {(cursor !== null || query.has('page')) && (
                <div class="row">
                  {query.has('page') && (
                    <button type="button" class="button" onClick={() => setQuery({ page: '' })}>
                      First jobs
                    </button>
                  )}
                  {cursor !== null && (
                    <button type="button" class="button" onClick={() => setQuery({ page: cursor })}>
                      Next jobs
                    </button>
                  )}
                </div>
              )}
            </section>
          )
        }
      </Shown>
      {seesWholeStores() && <ForecastPanels store={store} />}
      {asked && <ExplainDialog store={store} {...asked} onClose={() => setAsked(null)} />}
    </>
  );
}
