/**
 * What a compiler puts in place of `await using` (`sources.ts`): what was taken is given back at the end, last things first. An
 * error of the block goes before one of giving back.
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
