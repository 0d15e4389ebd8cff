/** Deliveries on their way to their queues while the leader goes on: one page of them at a time. */
export class Sending {
  #underWay: Promise<void> | undefined;
  #failed: { readonly error: unknown } | undefined;
  #since: number | null = null;

  /** What was given to `begin` for those that are under way; null if none are. */
  get since(): number | null {
    return this.#since;
  }

  /** Begins once those before have ended: see `ended`. What it fails with is thrown by the next `ended`. */
  begin(since: number, send: () => Promise<unknown>): void {
    this.#since = since;
    this.#underWay = send()
      .then(
        () => {},
        (error) => {
          this.#failed = { error };
        },
      )
      .finally(() => {
        this.#since = null;
        this.#underWay = undefined;
      });
  }

  /** Resolves once nothing is under way. @throws what it failed with, once */
  async ended(): Promise<void> {
    await this.#underWay;
    this.check();
  }

  /** @throws what those failed with that have ended, once */
  check(): void {
    const failed = this.#failed;
    this.#failed = undefined;
    if (failed) throw failed.error;
  }
}
