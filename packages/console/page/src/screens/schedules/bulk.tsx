import { useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import type { BulkOutcome } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { ActionDialog } from '../../parts/action';
import { counted } from '../../parts/counted';
import { Shown } from '../../parts/states';
import { say } from '../../said';
import { may } from '../../session';
import { type Filter, filterBody, filterInWords, filterQuery } from './filter';

const VERBS = [
  { id: 'pause', verb: 'Pause', done: 'paused', right: 'operate', means: 'They do not fire until they are resumed.' },
  { id: 'resume', verb: 'Resume', done: 'resumed', right: 'operate', means: 'They fire again from now on.' },
  { id: 'run', verb: 'Run now', done: 'run', right: 'operate', means: 'Each runs once, in addition to its trigger.' },
  {
    id: 'remove',
    verb: 'Remove',
    done: 'removed',
    right: 'change',
    means: 'They are gone for good. Their runs go on.',
  },
] as const;

/** Changes all jobs that the filter matches, once their number was typed. If the filter matches others at that time, nothing is changed. */
export function BulkDialog({
  store,
  filter,
  onClose,
}: {
  readonly store: string;
  readonly filter: Filter;
  readonly onClose: (isDone: boolean) => void;
}) {
  const [chosen, setChosen] = useState<(typeof VERBS)[number]>(VERBS[0]);
  const [typed, setTyped] = useState('');
  // What is counted and what is changed is the same filter, though time goes on.
  const [fixed] = useState(() => ({ query: filterQuery(filter), body: filterBody(filter) }));
  const [refused, setRefused] = useState<BulkOutcome | null>(null);
  const matching = useLoad('count', (signal) =>
    call<{ count: number }>(`${inStore(store, 'job-count')}${queryOf(fixed.query)}`, { signal }),
  );
  const count = matching.data?.count;
  const act = async (reason: string | undefined) => {
    const body = { filter: fixed.body, expected: count, reason };
    const path = inStore(store, 'bulk', chosen.id);
    const outcome = await call<BulkOutcome>(path, { method: 'POST', body }).catch((error: unknown) => {
      matching.reload();
      throw error;
    });
    const { done, unchanged } = outcome;
    say(`${done} ${chosen.done}${unchanged > 0 ? `, ${counted(unchanged, 'was', 'were')} so already` : ''}.`);
    if (outcome.refused === 0) return;
    setRefused(outcome);
    const named = outcome.refusals.map(({ jobId, why }) => `${jobId}: ${why}`).join('; ');
    throw new Error(`${counted(outcome.refused, 'was', 'were')} refused: ${named}`);
  };
  return (
    <ActionDialog
      title="Change all jobs that match"
      verb={`${chosen.verb} ${count === undefined ? '… jobs' : counted(count, 'job')}`}
      isDangerous={chosen.id === 'remove'}
      isReady={count !== undefined && typed.trim() === String(count) && !refused}
      act={act}
      onClose={() => onClose(true)}
    >
      <p class="break">
        The filter: <strong>{filterInWords(filter)}</strong>
      </p>
      <Shown of={matching} what="the number of jobs">
        {(found) => (
          <p>
            It means <strong>{counted(found.count, 'job')}</strong>.
          </p>
        )}
      </Shown>
      <fieldset class="choices">
        <legend class="hidden-text">What to do</legend>
        {VERBS.filter(({ right }) => may(right)).map((one) => (
          <label key={one.id}>
            <input type="radio" name="verb" checked={one === chosen} onChange={() => setChosen(one)} /> {one.verb}
            <span class="muted small"> {one.means}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>Type the number of jobs, to confirm</span>
        <input
          class="input"
          inputMode="numeric"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
    </ActionDialog>
  );
}
