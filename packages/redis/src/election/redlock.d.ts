/** The few calls of redlock 5 that we use. The types that it ships cannot be found through its exports. */
declare module 'redlock' {
  export interface Lock {
    readonly value: string;
    release(): Promise<unknown>;
    extend(durationMs: number): Promise<Lock>;
  }
  export class ResourceLockedError extends Error {}
  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<{ readonly votesAgainst: ReadonlyMap<unknown, Error> }>[];
  }
  export default class Redlock {
    constructor(
      clients: Iterable<unknown>,
      settings: { readonly retryCount: number },
      scripts?: {
        readonly acquireScript?: (script: string) => string;
        readonly extendScript?: (script: string) => string;
      },
    );
    acquire(resources: string[], durationMs: number): Promise<Lock>;
  }
}
