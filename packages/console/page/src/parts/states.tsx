import type { ComponentChildren } from 'preact';
import { ProblemError } from '../api/client';
import type { Loaded } from '../api/use-load';

/** Nothing to show: says what to do. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="state">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="state" role="status">
      Loading {what}…
    </div>
  );
}

const HINTS: Readonly<Record<string, string>> = {
  FORBIDDEN: 'Your role does not allow this.',
  NOT_REACHED: 'Nothing was changed here.',
  UNEXPECTED_COUNT: 'Type the number that there is now, if these are meant.',
  STALE_REVISION: 'Another user changed it meanwhile: close this, and look at it again.',
};

/** What went wrong, in the words of the API, which say what to do; and a way to try again. */
export function Problem({ error, retry }: { readonly error: Error; readonly retry?: (() => void) | undefined }) {
  const hint = error instanceof ProblemError ? HINTS[error.code] : undefined;
  return (
    <div class="notice bad row spread" role="alert">
      <span class="break">
        {error.message}
        {hint && <> {hint}</>}
        {error instanceof ProblemError && error.status > 0 && <span class="muted small"> {error.code}</span>}
      </span>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What was loaded, or why there is nothing yet. What was there before an error stays, under it. */
export function Shown<T>({
  of,
  what,
  children,
}: {
  readonly of: Loaded<T>;
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}) {
  return (
    <>
      {of.error && <Problem error={of.error} retry={of.reload} />}
      {of.data !== null ? children(of.data) : !of.error && <Loading what={what} />}
    </>
  );
}
