import { useState } from 'preact/hooks';
import { call, inStore } from '../../api/client';
import type { Change } from '../../api/types';
import { ActionDialog } from '../../parts/action';
import { Problem } from '../../parts/states';
import { say } from '../../said';
import { Consequences } from './consequences';
import type { DialogOfJob } from './dialog-of-job';
import { changesIn, formOf } from './edit-form';
import { JsonField } from './json-field';

/** Changes the job, after a look at what that would do: only what was previewed can be saved. */
export function EditDialog({ store, job, onClose }: DialogOfJob) {
  const [before] = useState(() => formOf(job));
  const [form, setForm] = useState(before);
  const [preview, setPreview] = useState<{ readonly of: string; readonly change: Change } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  // The dialog saves what the user looked at, and not what another user made of it meanwhile.
  const [revision] = useState(job.revision);
  const path = inStore(store, 'jobs', job.id);
  const typed = JSON.stringify(form);
  const look = async () => {
    setError(null);
    try {
      const body = changesIn(before, form, job);
      const change = await call<Change>(`${path}?dryRun=true`, { method: 'PATCH', body, revision });
      setPreview({ of: typed, change });
    } catch (thrown) {
      setError(thrown as Error);
    }
  };
  const act = async (reason: string | undefined) => {
    await call(path, { method: 'PATCH', body: { ...changesIn(before, form, job), reason }, revision });
    say(`${job.name} is changed.`);
  };
  const field = (name: keyof typeof form, label: string) => (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        value={form[name]}
        onInput={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
      />
    </label>
  );
  const json = (name: keyof typeof form, label: string) => (
    <JsonField label={label} value={form[name]} onInput={(text) => setForm({ ...form, [name]: text })} />
  );
  const isPreviewed = preview?.of === typed;
  return (
    <ActionDialog
      title={`Edit ${job.name}`}
      verb="Save"
      isReady={isPreviewed && typed !== JSON.stringify(before)}
      act={act}
      onClose={onClose}
      aside={
        <>
          <button type="button" class="button" onClick={() => void look()} disabled={isPreviewed}>
            Preview what this changes
          </button>
          {error && <Problem error={error} />}
          {preview && isPreviewed ? (
            <Consequences of={preview.change} />
          ) : (
            <p class="muted">What differs, and which fires it gains and loses. What was previewed can be saved.</p>
          )}
        </>
      }
    >
      {field('name', 'Name')}
      {field('description', 'Description')}
      {field('tags', 'Tags, with commas between')}
      {json('trigger', 'Trigger')}
      {!job.redacted && json('args', 'Arguments: a JSON array')}
      {!job.redacted && json('kwargs', 'Named arguments: a JSON object (may be left out)')}
      {json('policy', 'Policy')}
    </ActionDialog>
  );
}
