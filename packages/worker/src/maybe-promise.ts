/** What may be there at once. Most of what a worker does for a run is: then it needs no promise, which costs more than all the rest. */
export type MaybePromise<T> = T | Promise<T>;

/** Calls, and does something more once that is over: at once where it answered no promise. */
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
