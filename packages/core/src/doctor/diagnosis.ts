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
  /** null if there is none, as in memory. */
  readonly server: ServerFacts | null;
  /** Those that this release can read, with how many of their jobs were checked. */
  readonly jobStores: readonly (JobStoreInspection & { readonly looked: number })[];
  /** Those of the server first. */
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
