import type { ComponentChildren } from 'preact';
import type { Job } from '../../api/types';
import { counted } from '../../parts/counted';
import { Json } from '../../parts/json';
import { Outcome } from '../../parts/outcome';
import { Time } from '../../parts/time';
import { durationText } from '../../time';
import { Contract } from './contract';

/** What the job is: its trigger, what it calls, and how it is run. */
export function Definition({ store, job }: { readonly store: string; readonly job: Job }) {
  const { timezone, lastRun, lastSuccess } = job;
  return (
    <section class="panel" aria-labelledby="definition">
      <h2 id="definition">Definition</h2>
      {job.description !== null && <p class="break description">{job.description}</p>}
      <dl class="facts">
        <Fact name="Id">
          <code>{job.id}</code>
        </Fact>
        <Fact name="Trigger">
          {job.triggerInWords}
          <div class="muted small">
            <code>{job.triggerText}</code>
          </div>
        </Fact>
        {timezone !== undefined && <Fact name="Zone">{timezone}</Fact>}
        <Fact name="Task">
          <code>{job.task}</code>
        </Fact>
        {job.tags.length > 0 && (
          <Fact name="Tags">
            {job.tags.map((tag) => (
              <span key={tag} class="badge tag">
                {tag}
              </span>
            ))}
          </Fact>
        )}
        <Fact name="Last outcome">
          {lastRun ? (
            <>
              <Outcome of={lastRun.outcome} /> <Time at={lastRun.settledAt} withDistance isBrief />
            </>
          ) : (
            'none yet'
          )}
        </Fact>
        {lastSuccess?.settledAt && (
          <Fact name="Last success">
            <Time at={lastSuccess.settledAt} withDistance isBrief />
          </Fact>
        )}
        <Policy job={job} />
      </dl>
      <h3>Arguments</h3>
      {job.redacted ? <p class="muted">You are not shown arguments.</p> : <Json value={argumentsOf(job)} />}
      <Contract store={store} job={job} />
    </section>
  );
}

function argumentsOf({ args, kwargs }: Job): readonly unknown[] {
  return kwargs === undefined ? args : [...args, kwargs];
}

function Policy({ job }: { readonly job: Job }) {
  const { retry, history, misfireGraceTime, timeout, maxRuns, runsLeft } = job;
  return (
    <>
      <Fact name="Executor">
        {job.executor}, priority {job.priority}
      </Fact>
      <Fact name="Instances">
        at most {job.maxInstances}; beyond that: {job.overlap}
      </Fact>
      <Fact name="When late">
        {misfireGraceTime === null
          ? 'it always runs'
          : `it runs within ${durationText(misfireGraceTime)}, else it is missed`}
        ; {job.coalesce ? 'several owed fires are one run' : 'each owed fire runs'}
      </Fact>
      <Fact name="Timeout">{timeout === null ? 'none' : durationText(timeout)}</Fact>
      <Fact name="Retry">
        {retry === null
          ? 'none'
          : `${counted(retry.attempts, 'attempt')}, ${retry.backoff.type} ${durationText(retry.backoff.delay)}`}
      </Fact>
      <Fact name="History">
        {history === null
          ? 'failures and the account only'
          : `${counted(history.perJob, 'run')}, ${durationText(history.age)}`}
      </Fact>
      {maxRuns !== null && (
        <Fact name="Ends after">
          {maxRuns} runs; {runsLeft} left
        </Fact>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
