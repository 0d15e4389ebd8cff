import { call, inStore } from '../../api/client';
import type { QuarantinedRecord } from '../../api/types';
import { ActionDialog } from '../../parts/action';
import { say } from '../../said';

interface ActionProps {
  readonly store: string;
  readonly done: () => void;
  readonly onClose: () => void;
}

export function PauseDialog({ store, isPaused, done, onClose }: ActionProps & { readonly isPaused: boolean }) {
  const act = async (reason: string | undefined) => {
    await call(inStore(store, isPaused ? 'resume' : 'pause'), { method: 'POST', body: { reason } });
    say(isPaused ? 'The job store fires again.' : 'All firing is stopped.');
    done();
  };
  const verb = isPaused ? 'Resume all firing' : 'Pause all firing';
  return (
    <ActionDialog title={verb} verb={verb} isDangerous={!isPaused} act={act} onClose={onClose}>
      <p>
        {isPaused
          ? 'What came due meanwhile is owed: it runs now, as far as the policies of its jobs say.'
          : `No job of ${store} fires until it is resumed. Runs that are owed go on.`}
      </p>
    </ActionDialog>
  );
}

type RecordProps = ActionProps & { readonly record: QuarantinedRecord };

export function RestoreDialog({ store, record: { id }, done, onClose }: RecordProps) {
  const act = async (reason: string | undefined) => {
    await call(inStore(store, 'quarantine', id, 'restore'), { method: 'POST', body: { reason } });
    say(`${id} is put back.`);
    done();
  };
  return (
    <ActionDialog title={`Put ${id} back`} verb="Put back" act={act} onClose={onClose}>
      <p>The job fires again, due when it was.</p>
    </ActionDialog>
  );
}

export function ThrowAwayDialog({ store, record: { id }, done, onClose }: RecordProps) {
  const act = async (reason: string | undefined) => {
    await call(inStore(store, 'quarantine', id), { method: 'DELETE', body: { reason } });
    say(`${id} is thrown away.`);
    done();
  };
  return (
    <ActionDialog title={`Throw ${id} away`} verb="Throw away" isDangerous act={act} onClose={onClose}>
      <p>The record is removed for good: it cannot be restored.</p>
    </ActionDialog>
  );
}
