/**
 * What a compiler calls for `await using` (`sources.ts`): it disposes of the resources at the end, the last one first. An
 * error of the block takes precedence over an error of disposal.
 */
export function usingCtx() {
  const taken = [];
  const take = (value) => {
    if (value === null || value === undefined) return value;
    const giveBack = value[Symbol.asyncDispose] ?? value[Symbol.dispose];
    if (typeof giveBack !== 'function') throw new TypeError('what is used cannot be given back');
    taken.push(() => giveBack.call(value));
    return value;
  };
  return {
    e: taken,
    a: take,
    async d() {
      let error = this.e;
      for (const giveBack of taken.toReversed()) {
        try {
          await giveBack();
        } catch (own) {
          if (error === taken) error = own;
        }
      }
      if (error !== taken) throw error;
    },
  };
}
