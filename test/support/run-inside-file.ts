import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = new URL('../../packages/worker/dist/executors/inside/run-inside.js', import.meta.url);
const { CARILLON_TEST_PROGRAMS: packed } = process.env;

/** Replaces the worker's own file: packed for a run of tests (`programs.ts`), otherwise as it was built. */
export const RUN_INSIDE: string = packed ? join(packed, 'run-inside.js') : fileURLToPath(built);
