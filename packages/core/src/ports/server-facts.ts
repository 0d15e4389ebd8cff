/** What a Redis server says of itself. null if it does not say so, or this user may not ask. */
export interface ServerFacts {
  readonly version: string;
  /** `'valkey'` and others that are not Redis report their name. */
  readonly server: string;
  readonly role: string | null;
  /** `noeviction` keeps everything. */
  readonly maxmemoryPolicy: string | null;
  /** Bytes; 0: no limit. */
  readonly maxmemory: number | null;
  readonly usedMemory: number | null;
  /** How many are connected, and how many may be. */
  readonly clients: number | null;
  readonly maxclients: number | null;
  readonly appendOnly: boolean | null;
  /** When snapshots are saved; `''`: never. */
  readonly save: string | null;
  readonly lastSnapshotFailed: boolean;
  readonly lastAppendFailed: boolean;
  /** How much this machine's clock is ahead of the server's, ms; right within half the round trip. */
  readonly clockAheadMs: number;
  readonly roundTripMs: number;
}
