import { signal } from '@preact/signals';

/** The user that is logged in, and its rights. */
export interface Session {
  readonly actor: string;
  readonly rights: readonly string[];
  /** Of the jobs that one may see; null means of all jobs. */
  readonly tags: readonly string[] | null;
}

/** undefined if not known yet; null if no user is logged in. */
export const session = signal<Session | null | undefined>(undefined);
/** Why it is not known. */
export const sessionError = signal<Error | null>(null);

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
