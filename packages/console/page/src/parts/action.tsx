import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog';
import { Problem } from './states';

/** A dialog that does something: what it is about, a reason for the record, and the button that does it. What fails is shown in it. */
export function ActionDialog({
  title,
  verb,
  isDangerous = false,
  isReady = true,
  act,
  onClose,
  aside,
  children,
}: {
  readonly title: string;
  /** On the button. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  readonly isReady?: boolean;
  /** @param reason why, as the API takes it: undefined where none was given. */
  readonly act: (reason: string | undefined) => Promise<unknown>;
  readonly onClose: () => void;
  /** What the form would do: beside it where there is room, else under it. */
  readonly aside?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await act(reason.trim() === '' ? undefined : reason.trim());
      onClose();
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {aside === undefined ? (
          children
        ) : (
          <div class="beside">
            <div class="stack">{children}</div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than the dialog is scrolled by keys */}
            <section class="stack" aria-label="What this changes" tabIndex={0}>
              {aside}
            </section>
          </div>
        )}
        <label class="field">
          <span>Reason, for the record (may be left out)</span>
          <input
            class="input"
            name="reason"
            maxLength={500}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <footer class="stack">
          {error && <Problem error={error} />}
          <div class="dialog-actions">
            <button type="button" class="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" class={`button ${isDangerous ? 'danger' : 'primary'}`} disabled={isBusy || !isReady}>
              {verb}
            </button>
          </div>
        </footer>
      </form>
    </Dialog>
  );
}
