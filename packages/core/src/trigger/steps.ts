/** A computation in steps, each of which is short, whatever is computed: the caller decides when the next one is made. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Makes all steps, one after the other. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
