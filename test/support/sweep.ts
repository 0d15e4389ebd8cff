/**
 * Returns how much of a sweep is tested: `few` of its cases by `npm test`, the `whole` of it by `npm run test:long`. Both
 * commands run the files named `*.sweep.test.ts`.
 */
export function sweep<T>(few: T, whole: T): T {
  return process.env.CARILLON_SWEEP === 'whole' ? whole : few;
}

/** Returns up to `count` random cases; all of them in a whole sweep. */
export function someOf<T>(cases: readonly T[], count: number): readonly T[] {
  if (sweep(false, true)) return cases;
  const left = [...cases];
  const picked = Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(Math.random() * left.length), 1),
  );
  return picked.flat();
}
