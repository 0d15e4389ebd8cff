import { useState } from 'preact/hooks';
import { useLive } from '../../api/live';
import type { Job } from '../../api/types';
import { Outcome } from '../../parts/outcome';
import { Empty, Loading, Problem } from '../../parts/states';
import { Strip } from '../../parts/strip';
import { type Column, VirtualTable } from '../../parts/table';
import { Distance } from '../../parts/time';
import { linkTo, route } from '../../router';
import type { ScreenProps } from '../../screen-props';
import { may, seesWholeStores } from '../../session';
import '../../../styles/schedules.css';
import { BulkDialog } from './bulk';
import { filterIn, isFiltered, NO_FILTER } from './filter';
import { Filters } from './filters';
import { NextRun } from './next-run';
import { useJobPages } from './use-job-pages';
import { type RowFacts, useRowFacts } from './use-row-facts';

const EVENTS = [
  'job_added',
  'job_modified',
  'job_removed',
  'all_jobs_removed',
  'job_paused',
  'job_resumed',
  'job_executed',
  'job_error',
  'job_missed',
  'job_cancelled',
];

export function Schedules({ store }: ScreenProps) {
  const filter = filterIn(route.value.query);
  const pages = useJobPages(store, filter);
  const [inSight, setInSight] = useState<readonly Job[]>([]);
  const [version, setVersion] = useState(0);
  const facts = useRowFacts(store, inSight, version);
  const [isBulkOpen, setBulkOpen] = useState(false);
  useLive(store, EVENTS, () => {
    pages.refresh();
    setVersion((old) => old + 1);
  });
  const { jobs } = pages;
  return (
    <>
      <div class="screen-head">
        <h1>Schedules</h1>
        {(may('operate') || may('change')) && seesWholeStores() && (
          <button type="button" class="button" onClick={() => setBulkOpen(true)}>
            Change all that match…
          </button>
        )}
      </div>
      <Filters filter={filter} />
      {pages.error && <Problem error={pages.error} retry={pages.retry} />}
      {jobs.length > 0 && (
        <VirtualTable
          key={pages.list}
          name="Jobs"
          rows={jobs}
          keyOf={({ id }) => id}
          columns={columnsOf(facts)}
          onSight={setInSight}
          // What failed is done again where the user asks for it: a list beside a problem is smaller, and is at its end again.
          onEnd={() => !pages.isFull && !pages.error && pages.more()}
        />
      )}
      {jobs.length === 0 &&
        !pages.error &&
        (pages.isLoading ? <Loading what="jobs" /> : <Nothing of={pages.hasMore} isFiltered={isFiltered(filter)} />)}
      <div class="row spread small muted" role="status">
        <span>
          {jobs.length} {pages.hasMore ? 'shown, more follow' : jobs.length === 1 ? 'job' : 'jobs'}
          {pages.isLoading && ' · loading'}
        </span>
        {pages.hasMore && (
          <button type="button" class="button" disabled={pages.isLoading} onClick={pages.more}>
            {pages.isFull ? 'Go on with those that follow' : 'Load more'}
          </button>
        )}
      </div>
      {isBulkOpen && (
        <BulkDialog
          store={store}
          filter={filter}
          onClose={() => {
            setBulkOpen(false);
            pages.restart();
          }}
        />
      )}
    </>
  );
}

function Nothing({ of: hasMore, isFiltered: isNarrowed }: { readonly of: boolean; readonly isFiltered: boolean }) {
  if (hasMore) return <Empty title="None so far">The search goes on with the jobs that follow: load more.</Empty>;
  if (!isNarrowed) {
    return (
      <Empty title="No jobs yet">
        Add one in a program with <code>scheduler.addJob</code>, or with <code>carillon jobs add</code>.
      </Empty>
    );
  }
  return (
    <Empty title="No job matches">
      Change the search, or <a href={linkTo('schedules', '', { ...NO_FILTER })}>show all jobs</a>.
    </Empty>
  );
}

function columnsOf({ outcomes, pausedBy }: RowFacts): readonly Column<Job>[] {
  return [
    { id: 'name', head: 'Job', cell: (job) => <Name job={job} /> },
    {
      id: 'trigger',
      head: 'Trigger',
      class: 'wide',
      cell: ({ triggerInWords }) => (
        <div class="two-lines" title={triggerInWords}>
          {triggerInWords}
        </div>
      ),
    },
    {
      id: 'next',
      head: 'Next run',
      class: 'next-run',
      cell: (job) => <NextRun job={job} change={pausedBy.get(job.id)} />,
    },
    {
      id: 'last',
      head: 'Last outcome',
      class: 'last-outcome',
      cell: ({ lastRun }) => (lastRun ? <LastRun of={lastRun} /> : <span class="muted">none yet</span>),
    },
    { id: 'strip', head: 'Last 30', class: 'wide last-30', cell: ({ id }) => <Strip outcomes={outcomes.get(id)} /> },
  ];
}

function Name({ job: { id, name, task, tags } }: { readonly job: Job }) {
  return (
    <>
      <div class="clip job-name">
        <a data-row href={linkTo('jobs', id)} title={name}>
          {name}
        </a>
      </div>
      <div class="clip muted small" title={[id, task, ...tags].join(' · ')}>
        {tags.map((tag) => (
          <span key={tag} class="badge tag">
            {tag}
          </span>
        ))}
        {name !== id && `${id} · `}
        {task}
      </div>
    </>
  );
}

function LastRun({ of: { outcome, settledAt } }: { readonly of: NonNullable<Job['lastRun']> }) {
  return (
    <>
      <Outcome of={outcome} />
      <div class="clip muted small">
        <Distance at={settledAt} />
      </div>
    </>
  );
}
