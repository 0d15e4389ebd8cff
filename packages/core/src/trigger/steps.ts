/** A computation in short steps. The caller decides when to make the next one. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Makes all steps, one after the other. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
