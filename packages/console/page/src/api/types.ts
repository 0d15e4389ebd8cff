import type { z } from '@hono/zod-openapi';
import type * as account from '../../../dist/api/schemas/account.js';
import type * as changes from '../../../dist/api/schemas/change.js';
import type * as events from '../../../dist/api/schemas/event.js';
import type * as findings from '../../../dist/api/schemas/finding.js';
import type * as fires from '../../../dist/api/schemas/fires.js';
import type * as forecasts from '../../../dist/api/schemas/forecast.js';
import type * as history from '../../../dist/api/schemas/history.js';
import type * as jobs from '../../../dist/api/schemas/job.js';
import type * as outcomes from '../../../dist/api/schemas/outcome.js';
import type * as quarantine from '../../../dist/api/schemas/quarantine.js';
import type * as runs from '../../../dist/api/schemas/run.js';
import type * as stores from '../../../dist/api/schemas/store.js';

/** What the API answers, as its own schemas have it: types alone, so that nothing of them is in the page. */
export type Job = z.output<typeof jobs.job>;
export type JobPage = z.output<typeof jobs.jobPage>;
export type Run = z.output<typeof runs.run>;
export type RunPage = z.output<typeof runs.runPage>;
export type Fires = z.output<typeof fires.fires>;
export type Change = z.output<typeof changes.change>;
export type EventPage = z.output<typeof events.eventPage>;
export type ConsoleEvent = EventPage['events'][number];
export type ExplanationPage = z.output<typeof account.explanationPage>;
export type Forecast = z.output<typeof forecasts.forecast>;
export type Explanation = z.output<typeof account.explanation>;
export type RunExplanation = z.output<typeof account.runExplanation>;
export type JobStore = z.output<typeof stores.inspection>;
export type Measure = z.output<typeof stores.measure>;
export type Worker = z.output<typeof stores.worker>;
export type QuarantinedRecord = z.output<typeof quarantine.quarantined>;
export type OutcomesOfJob = z.output<typeof outcomes.outcomesOfJob>;
export type RecordedChange = z.output<typeof history.recordedChange>;
export type StoreHistory = z.output<typeof history.storeHistory>;

/** What was done with many jobs. */
export interface BulkOutcome {
  readonly matched: number;
  readonly done: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly refusals: readonly { readonly jobId: string; readonly why: string }[];
}
export type Finding = z.output<typeof findings.finding>;
