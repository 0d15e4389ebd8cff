import type { Route } from './route.js';
import { jobRoutes } from './routes/jobs.js';

/** Everything that the API does. */
export const ROUTES: readonly Route[] = [...jobRoutes];
