import type { Route } from './route.js';
import { accountRoutes } from './routes/account.js';
import { askedRunRoutes } from './routes/asked-runs.js';
import { doctorRoutes } from './routes/doctor.js';
import { eventRoutes } from './routes/events.js';
import { forecastRoutes } from './routes/forecast.js';
import { jobChangeRoutes } from './routes/job-changes.js';
import { jobRoutes } from './routes/jobs.js';
import { manyJobRoutes } from './routes/many-jobs.js';
import { quarantineRoutes } from './routes/quarantine.js';
import { retryRoutes } from './routes/retries.js';
import { runRoutes } from './routes/runs.js';
import { storeRoutes } from './routes/stores.js';
import { triggerRoutes } from './routes/triggers.js';

/** Everything that the API does. */
export const ROUTES: readonly Route[] = [
  ...storeRoutes,
  ...jobRoutes,
  ...jobChangeRoutes,
  ...manyJobRoutes,
  ...runRoutes,
  ...retryRoutes,
  ...askedRunRoutes,
  ...eventRoutes,
  ...accountRoutes,
  ...doctorRoutes,
  ...forecastRoutes,
  ...quarantineRoutes,
  ...triggerRoutes,
];
