import type { SpecWithId } from '../job/adding.js';

/** How many jobs, and about how long arguments, are written by one script: it holds up all other calls for about 10 ms. */
export const JOBS_PER_PUT = 1_000;
const LENGTH_PER_PUT = 4 * 1024 * 1024;

/** A thousand specs a page; fewer, where their arguments are long. */
export function pagesOf(specs: readonly SpecWithId[]): readonly (readonly SpecWithId[])[] {
  if (specs.length === 1) return [specs];
  const pages: SpecWithId[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const one of specs) {
    const { args, kwargs } = one.spec;
    const ofOne = JSON.stringify([args, kwargs]).length;
    const page = pages.at(-1);
    if (!page || page.length === JOBS_PER_PUT || length + ofOne > LENGTH_PER_PUT) {
      pages.push([one]);
      length = ofOne;
    } else {
      page.push(one);
      length += ofOne;
    }
  }
  return pages;
}
