import { useState } from 'preact/hooks';
import { call, inStore, ProblemError, queryOf } from '../../api/client';
import { useLive } from '../../api/live';
import type { ConsoleEvent, EventPage, Run, RunExplanation } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Json } from '../../parts/json';
import { Outcome } from '../../parts/outcome';
import { Shown } from '../../parts/states';
import { Time } from '../../parts/time';
import { linkTo } from '../../router';
import { may } from '../../session';
import { CancelDialog, RunAgainDialog } from './actions';
import { Gantt } from './gantt';
import { RunFacts } from './run-facts';
import { isLive, RUN_EVENTS } from './states';

interface RunWhole {
  /** null if it has ended, and nothing of its end is kept. */
  readonly run: Run | null;
  readonly explained: RunExplanation;
  readonly events: readonly ConsoleEvent[];
}

export function RunScreen({ store, runId }: { readonly store: string; readonly runId: string }) {
  const loaded = useLoad(`${store} ${runId}`, (signal) => load(store, runId, signal));
  const state = loaded.data?.run?.state ?? loaded.data?.explained.code ?? '';
  useLive(store, RUN_EVENTS, () => {
    if (loaded.data === null || isLive(state)) loaded.reload();
  });
  const [dialog, setDialog] = useState<'cancel' | 'again' | null>(null);
  const done = () => loaded.reload();
  const close = () => setDialog(null);
  return (
    <>
      <div class="screen-head">
        <h1 class="break">Run {runId}</h1>
        <div class="row">
          {isLive(state) && may('operate') && (
            <button type="button" class="button danger" onClick={() => setDialog('cancel')}>
              Cancel the run…
            </button>
          )}
          {state === 'error' && may('operate') && (
            <button type="button" class="button" onClick={() => setDialog('again')}>
              Run again…
            </button>
          )}
          <a class="button quiet" href={linkTo('runs')}>
            All runs
          </a>
        </div>
      </div>
      <Shown of={loaded} what="the run">
        {({ run, explained, events }) => (
          <div class="stack">
            <div class="row">
              <Outcome of={state} />
              {run?.cancelling && <span class="badge warn">is being cancelled</span>}
            </div>
            <section class="panel">
              <h2>Life</h2>
              <Gantt life={{ due: explained.scheduledRunTimes[0] ?? null, events, isLive: isLive(state) }} />
            </section>
            <div class="grid">
              <RunFacts explained={explained} run={run} />
              <section class="panel stack">
                <h2>What happened</h2>
                {explained.steps.length === 0 && <p class="muted">{explained.sentence}</p>}
                <ol class="steps">
                  {explained.steps.map(({ at, text }, place) => (
                    <li key={`${at} ${place}`}>
                      <span class="small muted">
                        <Time at={at} />
                      </span>
                      <span class="break">{text}</span>
                    </li>
                  ))}
                </ol>
              </section>
            </div>
            <Results run={run} />
          </div>
        )}
      </Shown>
      {dialog === 'cancel' && <CancelDialog {...{ store, runId, done }} onClose={close} />}
      {dialog === 'again' && <RunAgainDialog {...{ store, runId, done }} onClose={close} />}
    </>
  );
}

/** What it reported last, what it returned, why it failed: of each fire time. */
function Results({ run }: { readonly run: Run | null }) {
  if (!run) return null;
  return (
    <>
      {run.progress !== undefined && run.progress !== null && (
        <section class="panel">
          <h2>Progress</h2>
          <Json value={run.progress} />
        </section>
      )}
      {run.executions.map(({ executionId, outcome, scheduledRunTime, value, error }) => (
        <section class="panel stack" key={executionId}>
          <h2 class="row">
            <Outcome of={outcome} /> <Time at={scheduledRunTime} />
          </h2>
          {error && (
            <pre>
              {error.name}: {error.message}
              {error.code !== undefined && `\ncode: ${error.code}`}
              {error.stack !== undefined && `\n\n${error.stack}`}
            </pre>
          )}
          {outcome === 'executed' && <Json value={value ?? null} />}
        </section>
      ))}
      {run.redacted && <p class="notice">Your role is not shown results or errors.</p>}
    </>
  );
}

async function load(store: string, runId: string, signal: AbortSignal): Promise<RunWhole> {
  const of = inStore(store, 'runs', runId);
  const [run, explained, { events }] = await Promise.all([
    call<Run>(of, { signal }).catch(nullWhereNone),
    call<RunExplanation>(`${of}/explain`, { signal }),
    call<EventPage>(`${inStore(store, 'events')}${queryOf({ run: runId, limit: 200 })}`, { signal }),
  ]);
  return { run, explained, events };
}

function nullWhereNone(error: unknown): null {
  if (error instanceof ProblemError && error.status === 404) return null;
  throw error;
}
