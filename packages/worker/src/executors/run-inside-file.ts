import { createRequire } from 'node:module';

/** The module that threads and child processes run, as it was built. */
export const RUN_INSIDE: string = createRequire(import.meta.url).resolve('#run-inside');
