import { call, ProblemError } from './api/client';
import { loggedOut, type Session, session, sessionError } from './session';

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
