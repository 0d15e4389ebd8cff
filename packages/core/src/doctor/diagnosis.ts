import type { ServerFacts } from '../ports/server-facts.js';
import type { JobStoreInspection } from '../scheduler/inspection.js';
import { argumentFindings } from './argument-findings.js';
import { backlogFindings } from './backlog/index.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { formatFindings, notRead } from './format-findings.js';
import { serverFindings } from './server-findings.js';
import { storeFindings } from './store-findings.js';
import { workerFindings } from './worker-findings.js';

/** The findings, and what was checked. */
export interface Diagnosis {
  /** null if there is no server, as in memory. */
  readonly server: ServerFacts | null;
  /** The job stores that this release can read, each with how many of its jobs were checked. */
  readonly jobStores: readonly (JobStoreInspection & { readonly looked: number })[];
  /** The findings, those of the server first. */
  readonly findings: readonly Finding[];
}

/** Judges what was read. */
export function diagnosisOf({ server, stores, notRead: newer }: Facts): Diagnosis {
  const ofStores = stores.flatMap((store) => [
    ...formatFindings(store.inspection),
    ...storeFindings(store),
    ...workerFindings(store),
    ...argumentFindings(store),
  ]);
  return {
    server,
    jobStores: stores.map(({ inspection, looked }) => ({ ...inspection, looked })),
    findings: [
      ...(server ? serverFindings(server) : []),
      ...newer.map(notRead),
      ...ofStores,
      ...backlogFindings(stores),
    ],
  };
}
