import { useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import type { Explanation, Job } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Dialog } from '../../parts/dialog';
import { Json } from '../../parts/json';
import { Outcome } from '../../parts/outcome';
import { Shown } from '../../parts/states';
import { Time } from '../../parts/time';
import { linkTo } from '../../router';

interface ExplainProps {
  readonly store: string;
  readonly job: Job;
  /** An instant; empty: one is asked for. */
  readonly at: string;
  readonly onClose: () => void;
}

/** Why the job fired at an instant, or did not: one that was clicked, or that one types. */
export function ExplainDialog({ store, job, at, onClose }: ExplainProps) {
  const [asked, setAsked] = useState(at);
  const [typed, setTyped] = useState(at);
  return (
    <Dialog title={`Why? ${job.name}`} onClose={onClose}>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(typed.trim());
        }}
      >
        <div class="field grows">
          <span id="explain-at">
            An instant such as 2026-10-25T02:30Z, or a time by the clock of {job.timezone ?? 'UTC'}
          </span>
          <input
            class="input"
            aria-labelledby="explain-at"
            maxLength={40}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button primary" disabled={typed.trim() === ''}>
          Explain
        </button>
      </form>
      {asked !== '' && <Why store={store} job={job} at={asked} />}
    </Dialog>
  );
}

function Why({ store, job, at }: Omit<ExplainProps, 'onClose'>) {
  const why = useLoad(`${store} ${job.id} ${at}`, (signal) =>
    call<Explanation>(`${inStore(store, 'jobs', job.id, 'explain')}${queryOf({ at })}`, { signal }),
  );
  return (
    <Shown of={why} what="the explanation">
      {({ instant, code, sentence, evidence }) => (
        <div class="stack" role="status">
          <div class="row">
            <Outcome of={code} />
            <Time at={instant} zone={job.timezone} />
          </div>
          <p class="break">{sentence}</p>
          <Runs evidence={evidence} />
          <details>
            <summary>What this rests on</summary>
            <Json value={evidence} />
          </details>
        </div>
      )}
    </Shown>
  );
}

/** Links to the run of a fire time, and to those in which it was run again. */
function Runs({ evidence: { run, again = [] } }: Pick<Explanation, 'evidence'>) {
  const runIds = again.flatMap(({ runId }) => runId ?? []);
  if (!run && runIds.length === 0) return null;
  return (
    <p>
      {run && <a href={linkTo('runs', run.runId)}>Run {run.runId}</a>}
      {runIds.map((runId) => (
        <span key={runId}>
          {' '}
          run again as <a href={linkTo('runs', runId)}>{runId}</a>
        </span>
      ))}
    </p>
  );
}
