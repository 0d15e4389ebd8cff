/** Values by field. */
type Fields = ReadonlyMap<string, string>;

export interface HoldParams {
  /** Names the process. */
  readonly watcherId: string;
  /** For how long it has the place from now on, ms; 0: it leaves. */
  readonly forMs: number;
}

/** A silence: until when it lasts, ms, and JSON that is opaque to the store. */
export interface StoredSilence {
  readonly id: string;
  readonly until: number;
  readonly json: string;
}

export interface HeldAlerts {
  /** Whether the process has the place. */
  readonly holds: boolean;
  /** Those that are not over. */
  readonly silences: readonly StoredSilence[];
}

export interface KeptAlerts {
  readonly now: number;
  readonly fields: Fields;
  readonly silences: readonly StoredSilence[];
}

/** What a job store keeps for those who watch it for alerts. The values are opaque to the store. */
export interface AlertRecords {
  /** Takes the place of the one process that watches the store, keeps it, or leaves it. It is free once its time is over. */
  hold(params: HoldParams): Promise<HeldAlerts>;
  /**
   * Writes fields ('': the field is removed), all of them or none. Returns whether they were written: they are not if the place is
   * another's by now.
   */
  keep(params: { readonly watcherId: string; readonly fields: Fields }): Promise<boolean>;
  read(): Promise<KeptAlerts>;
  /** Adds a silence or, if it is null, removes that of an id. */
  silence(params: { readonly id: string; readonly silence: Omit<StoredSilence, 'id'> | null }): Promise<void>;
}
