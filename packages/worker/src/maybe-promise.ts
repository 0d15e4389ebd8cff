/**
 * A value that may be there at once. Most steps of a run return at once, without a promise, which would cost more than the step itself.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Calls a function, then another one once the first is over: at once if it returned no promise. */
export function calledThen<T>(call: () => MaybePromise<T>, over: () => void): MaybePromise<T> {
  let answer: MaybePromise<T>;
  try {
    answer = call();
  } catch (error) {
    over();
    throw error;
  }
  if (answer instanceof Promise) {
    const failed = (error: unknown) => {
      over();
      throw error;
    };
    return answer.then((value) => {
      over();
      return value;
    }, failed);
  }
  over();
  return answer;
}
