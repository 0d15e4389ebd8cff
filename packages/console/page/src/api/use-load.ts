import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  /** What was loaded last, also while it is loaded again; null if there is nothing yet. */
  readonly data: T | null;
  readonly error: Error | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/**
 * Loads what a screen shows, and again where `key` changes. An answer that a later question overtook is dropped.
 * @param load is called again for each key; its signal aborts where the answer is of no use any more.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: Error | null; isLoading: boolean }>({
    key,
    data: null,
    error: null,
    isLoading: true,
  });
  const latest = useRef(load);
  latest.current = load;
  const running = useRef<AbortController | null>(null);
  const reload = useCallback(() => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState((old) => ({ key, data: old.key === key ? old.data : null, error: null, isLoading: true }));
    latest.current(controller.signal).then(
      (data) => {
        if (!controller.signal.aborted) setState({ key, data, error: null, isLoading: false });
      },
      (error: Error) => {
        if (!controller.signal.aborted) setState((old) => ({ key, data: old.data, error, isLoading: false }));
      },
    );
  }, [key]);
  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, [reload]);
  return state.key === key ? { ...state, reload } : { data: null, error: null, isLoading: true, reload };
}
