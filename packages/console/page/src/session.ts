import { signal } from '@preact/signals';
import { call, ProblemError } from './api/client';

/** Who is logged in, and what that one may. */
export interface Session {
  readonly actor: string;
  readonly rights: readonly string[];
  /** Of the jobs that one may see; null: of all jobs. */
  readonly tags: readonly string[] | null;
}

/** undefined: not known yet; null: nobody is logged in. */
export const session = signal<Session | null | undefined>(undefined);
/** Why it is not known. */
export const sessionError = signal<Error | null>(null);

export async function loadSession(): Promise<void> {
  try {
    session.value = await call<Session>('v1/session');
    sessionError.value = null;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) session.value = null;
    else sessionError.value = error as Error;
  }
}

/** @throws ProblemError */
export async function logIn(token: string): Promise<void> {
  await call('v1/session', { method: 'POST', body: { token } });
  await loadSession();
}

/** @throws ProblemError */
export async function logOut(): Promise<void> {
  await call('v1/session', { method: 'DELETE' });
  loggedOut();
}

export function loggedOut(): void {
  session.value = null;
}

/** Whether the one who is logged in has a right: what one may not do is not offered. */
export function may(right: string): boolean {
  return session.value?.rights.includes(right) ?? false;
}

/** Whether one may see what is of a job store as a whole: a caller who is limited to the jobs of some tags may not. */
export function seesWholeStores(): boolean {
  return session.value?.tags === null;
}
