/** An event without what the store adds as it publishes (`v`, `seq`, `type`, `at`). */
export interface EventDraft {
  readonly type: string;
  /** Members of a JSON object, without its braces; the first is `jobStore`. */
  readonly body: string;
}
