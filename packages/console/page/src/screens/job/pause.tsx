import { useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import type { Fires } from '../../api/types';
import { ActionDialog } from '../../parts/action';
import { say } from '../../said';
import { may } from '../../session';
import { timeIn, VIEWER_ZONE } from '../../time';
import type { DialogOfJob } from './dialog-of-job';

/** Pauses the job: until it is resumed, or so that it fires first after an instant. */
export function PauseDialog({ store, job, onClose }: DialogOfJob) {
  const [isTimed, setTimed] = useState(false);
  const [until, setUntil] = useState('');
  const { id, name, revision } = job;
  const act = async (reason: string | undefined) => {
    if (!isTimed) {
      await call(inStore(store, 'jobs', id, 'pause'), { method: 'POST', body: { reason }, revision });
      say(`${name} is paused until it is resumed.`);
      return;
    }
    const after = new Date(new Date(until).getTime() - 1).toISOString();
    const { fires } = await call<Fires>(`${inStore(store, 'jobs', id, 'fires')}${queryOf({ after, limit: 1 })}`);
    const nextRunTime = fires[0]?.at;
    if (nextRunTime === undefined)
      throw new Error(
        'Its trigger names no fire time after that. Give an earlier time, or pause it until it is resumed.',
      );
    await call(inStore(store, 'jobs', id), { method: 'PATCH', body: { nextRunTime, reason }, revision });
    say(`${name} does not fire until ${timeIn(nextRunTime)}.`);
  };
  return (
    <ActionDialog
      title={`Pause ${name}`}
      verb="Pause"
      isReady={!isTimed || isInstant(until)}
      act={act}
      onClose={onClose}
    >
      <p>What its trigger names meanwhile does not exist: nothing is made up for afterwards.</p>
      <fieldset class="choices">
        <legend class="hidden-text">Until when</legend>
        <label>
          <input type="radio" name="until" checked={!isTimed} onChange={() => setTimed(false)} /> Until it is resumed
        </label>
        {may('change') && (
          <label>
            <input type="radio" name="until" checked={isTimed} onChange={() => setTimed(true)} /> Until a time: it fires
            first at the fire time that follows
          </label>
        )}
      </fieldset>
      {isTimed && (
        <label class="field">
          <span>Until, by the clock of {VIEWER_ZONE}</span>
          <input
            class="input"
            type="datetime-local"
            value={until}
            onInput={(event) => setUntil(event.currentTarget.value)}
          />
        </label>
      )}
    </ActionDialog>
  );
}

function isInstant(text: string): boolean {
  return !Number.isNaN(new Date(text).getTime());
}

export function ResumeDialog({ store, job, onClose }: DialogOfJob) {
  const act = async (reason: string | undefined) => {
    const { id, revision } = job;
    await call(inStore(store, 'jobs', id, 'resume'), { method: 'POST', body: { reason }, revision });
    say(`${job.name} fires again.`);
  };
  return (
    <ActionDialog title={`Resume ${job.name}`} verb="Resume" act={act} onClose={onClose}>
      <p>It fires on from now. What its trigger named while it was paused does not run.</p>
    </ActionDialog>
  );
}
