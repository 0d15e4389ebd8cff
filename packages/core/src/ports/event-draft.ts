/** An event without what the store adds as it publishes (`v`, `seq`, `type`, `at`). */
export interface EventDraft {
  readonly type: string;
  /** Its members as they travel, with times in ms. Their order is that of the event; the first is `jobStore`. */
  readonly about: Readonly<Record<string, unknown>>;
}
