/** What each screen gets. */
export interface ScreenProps {
  readonly store: string;
  /** The part of the address after the screen, such as the id of a job. */
  readonly subject: string;
}
