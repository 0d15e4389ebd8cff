/** What was published, and its place among what is kept. */
export interface LoggedEvent {
  readonly id: string;
  readonly message: string;
}

/** A page of what was published, oldest first. */
export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Events after the one asked for are not kept any more: some may be lost. */
  readonly gap: boolean;
}

/** After which event to begin: one's id, or what was published before an instant, ms. */
export type EventPosition = { readonly id: string } | { readonly before: number };

export interface NewestParams {
  readonly before: string | null;
  readonly limit: number;
}
