import type { ContractMemory } from '../contract/contract-client.js';
import type { AlertRecords } from './alert-records.js';
import type { Contenders } from './contenders.js';
import type { JobRecords } from './job-records.js';
import type { Ledger } from './ledger.js';
import type { TermStore } from './term-store.js';

/**
 * One job store, as its users see it. Every method is atomic. Every method may be repeated after a lost reply and then returns the same,
 * except a claim, which returns `skipped` for what it claimed before. Times are ms of the store's own clock, the one clock of the cluster.
 */
export interface JobStore {
  readonly alias: string;
  /** For producers. */
  readonly records: JobRecords;
  /** For coordinators. */
  readonly contenders: Contenders;
  /** For the leader. */
  readonly terms: TermStore;
  /** For workers. */
  readonly ledger: Ledger;
  /** For those who watch it for alerts. */
  readonly alerts: AlertRecords;
  /** What its users in this process know of the workers' contracts, where they share that. */
  readonly contracts?: ContractMemory | undefined;
}
