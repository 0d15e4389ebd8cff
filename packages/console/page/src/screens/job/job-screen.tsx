import { useState } from 'preact/hooks';
import { call, inStore, ProblemError } from '../../api/client';
import { useLive } from '../../api/live';
import type { Job } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Outcome } from '../../parts/outcome';
import { Shown } from '../../parts/states';
import { linkTo } from '../../router';
import type { ScreenProps } from '../../screen-props';
import { may } from '../../session';
import '../../../styles/job.css';
import { Changes } from './changes';
import { Definition } from './definition';
import { EditDialog } from './edit';
import { ExplainDialog } from './explain';
import { Fires } from './fires';
import { History } from './history';
import type { OfJob } from './of-job';
import { PauseDialog, ResumeDialog } from './pause';
import { RemoveDialog } from './remove';
import { RunDialog } from './run-now';

const EVENTS = [
  'job_added',
  'job_modified',
  'job_removed',
  'job_paused',
  'job_resumed',
  'job_submitted',
  'job_started',
  'job_executed',
  'job_error',
  'job_missed',
  'job_retrying',
  'job_cancelled',
];

type Open = 'run' | 'pause' | 'resume' | 'edit' | 'remove' | { readonly at: string } | null;

export function JobScreen({ store, subject }: ScreenProps) {
  const [version, setVersion] = useState(0);
  const [open, setOpen] = useState<Open>(null);
  const job = useLoad(`${store}\n${subject}`, (signal) => call<Job>(inStore(store, 'jobs', subject), { signal }));
  // What was known of it stays in sight; there is nothing to be done with it.
  const isGone = job.error instanceof ProblemError && job.error.code === 'JOB_NOT_FOUND';
  const look = () => {
    job.reload();
    setVersion((old) => old + 1);
  };
  useLive(store, EVENTS, look, ({ jobId }) => jobId === subject);
  const close = () => {
    setOpen(null);
    look();
  };
  return (
    <>
      <div class="screen-head">
        <div>
          <a class="small" href={linkTo('schedules')}>
            Schedules
          </a>
          <h1 class="break">{job.data?.name ?? subject}</h1>
        </div>
        {job.data && !isGone && <Actions job={job.data} onOpen={setOpen} />}
      </div>
      <Shown of={job} what="the job">
        {(data) => {
          const given: OfJob = { store, job: data, version, explain: (at) => setOpen({ at }) };
          const dialog = { store, job: data, onClose: close };
          return (
            <>
              <div class="grid">
                <Definition store={store} job={data} />
                <Fires {...given} />
              </div>
              <History {...given} />
              <Changes {...given} />
              {open === 'run' && <RunDialog {...dialog} />}
              {open === 'pause' && <PauseDialog {...dialog} />}
              {open === 'resume' && <ResumeDialog {...dialog} />}
              {open === 'edit' && <EditDialog {...dialog} />}
              {/* A job that was removed is not looked at again. */}
              {open === 'remove' && <RemoveDialog {...dialog} onClose={() => setOpen(null)} />}
              {open !== null && typeof open === 'object' && (
                <ExplainDialog store={store} job={data} at={open.at} onClose={() => setOpen(null)} />
              )}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Actions({ job, onOpen }: { readonly job: Job; readonly onOpen: (open: Open) => void }) {
  const button = (open: Open & string, text: string, tone = '') => (
    <button type="button" class={`button ${tone}`} onClick={() => onOpen(open)}>
      {text}
    </button>
  );
  return (
    <div class="row">
      {job.paused && <Outcome of="paused" />}
      {may('operate') && button('run', 'Run now…', 'primary')}
      {may('operate') && (job.paused ? button('resume', 'Resume…') : button('pause', 'Pause…'))}
      {may('change') && button('edit', 'Edit…')}
      {may('change') && button('remove', 'Remove…', 'danger')}
      <button type="button" class="button" onClick={() => onOpen({ at: '' })}>
        Explain a time…
      </button>
    </div>
  );
}
