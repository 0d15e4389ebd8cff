import { call, inStore, ProblemError } from '../../api/client';
import { ActionDialog } from '../../parts/action';
import { goTo } from '../../router';
import { say } from '../../said';

interface ActionProps {
  readonly store: string;
  readonly runId: string;
  readonly done: () => void;
  readonly onClose: () => void;
}

export function CancelDialog({ store, runId, done, onClose }: ActionProps) {
  const act = async (reason: string | undefined) => {
    const path = `${inStore(store, 'runs', runId)}/cancel`;
    const { state } = await call<{ state: string }>(path, { method: 'POST', body: { reason } });
    say(state === 'cancelled' ? 'The run is cancelled.' : 'Its worker was notified: the run ends as its task lets it.');
    done();
  };
  return (
    <ActionDialog title="Cancel the run" verb="Cancel the run" isDangerous act={act} onClose={onClose}>
      <p>
        A run that no worker has started ends with this. A running one has its signal aborted, and ends when its task
        does.
      </p>
    </ActionDialog>
  );
}

interface Retried {
  readonly runs: readonly { readonly runId: string }[];
  readonly left: readonly { readonly why: string }[];
}

const WHY_LEFT: Readonly<Record<string, string>> = {
  max_instances: 'Its job has as many live runs as it may: try again when one has ended.',
  retried: 'It was run again before.',
  owed: 'It has not ended.',
};

export function RunAgainDialog({ store, runId, done, onClose }: ActionProps) {
  const act = async (reason: string | undefined) => {
    const path = `${inStore(store, 'runs', runId)}/retry`;
    const { runs, left } = await call<Retried>(path, { method: 'POST', body: { reason } });
    const [made] = runs;
    if (!made) throw new ProblemError(0, 'LEFT', WHY_LEFT[left[0]?.why ?? ''] ?? 'It cannot be run again.');
    say(`It is run again as ${made.runId}.`);
    done();
    goTo('runs', made.runId);
  };
  return (
    <ActionDialog title="Run again" verb="Run again" act={act} onClose={onClose}>
      <p>A new run, at once, with the same arguments and the same scheduled run time.</p>
    </ActionDialog>
  );
}
