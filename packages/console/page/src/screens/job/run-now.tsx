import { useState } from 'preact/hooks';
import { call, inStore } from '../../api/client';
import { ActionDialog } from '../../parts/action';
import { say } from '../../said';
import { may } from '../../session';
import type { DialogOfJob } from './dialog-of-job';
import { JsonField, jsonIn, jsonText } from './json-field';

/** Runs the job in addition to its trigger; a caller with the right `enqueue` can change the arguments. */
export function RunDialog({ store, job, onClose }: DialogOfJob) {
  const [before] = useState({ args: jsonText(job.args), kwargs: jsonText(job.kwargs) });
  const [args, setArgs] = useState(before.args);
  const [kwargs, setKwargs] = useState(before.kwargs);
  // Sent twice, it runs once.
  const [key] = useState(() => crypto.randomUUID());
  const mayChange = may('enqueue') && !job.redacted;
  const act = async (reason: string | undefined) => {
    const body = {
      ...(args !== before.args && { args: jsonIn('Arguments', args) ?? [] }),
      ...(kwargs !== before.kwargs && { kwargs: jsonIn('Named arguments', kwargs) ?? {} }),
      reason,
    };
    await call(inStore(store, 'jobs', job.id, 'run'), { method: 'POST', body, idempotencyKey: key });
    say(`${job.name} runs now.`);
  };
  return (
    <ActionDialog title={`Run ${job.name} now`} verb="Run now" act={act} onClose={onClose}>
      <p>It runs once, in addition to its trigger: its next run stays as it is.</p>
      {mayChange && (
        <>
          <JsonField label="Arguments: a JSON array" value={args} onInput={setArgs} />
          <JsonField label="Named arguments: a JSON object (may be left out)" value={kwargs} onInput={setKwargs} />
        </>
      )}
    </ActionDialog>
  );
}
