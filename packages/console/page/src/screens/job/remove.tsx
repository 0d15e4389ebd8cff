import { useState } from 'preact/hooks';
import { call, inStore } from '../../api/client';
import { ActionDialog } from '../../parts/action';
import { goTo } from '../../router';
import { say } from '../../said';
import type { DialogOfJob } from './dialog-of-job';

export function RemoveDialog({ store, job, onClose }: DialogOfJob) {
  const [typed, setTyped] = useState('');
  const [cancelRuns, setCancelRuns] = useState(false);
  const { id, revision } = job;
  const act = async (reason: string | undefined) => {
    await call(inStore(store, 'jobs', id), { method: 'DELETE', body: { cancelRuns, reason }, revision });
    say(`${job.name} is removed.`);
    goTo('schedules');
  };
  return (
    <ActionDialog
      title={`Remove ${job.name}`}
      verb="Remove"
      isDangerous
      isReady={typed === id}
      act={act}
      onClose={onClose}
    >
      <p class="break">
        It is gone for good. Type its id, <code>{id}</code>, to confirm.
      </p>
      <label class="field">
        <span>Id of the job</span>
        <input class="input" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <label>
        <input type="checkbox" checked={cancelRuns} onChange={() => setCancelRuns(!cancelRuns)} /> Cancel its runs, too
      </label>
    </ActionDialog>
  );
}
