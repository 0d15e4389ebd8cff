import type { Telemetry } from '@carillon/core';
import type { Registry } from 'prom-client';
import { RunMetrics } from './run-metrics.js';
import { StoreMetrics } from './store-metrics.js';
import { WorkerMetrics } from './worker-metrics.js';

/**
 * Registers Carillon's metrics for Prometheus. Pass the returned object as `telemetry` to the schedulers, coordinators and workers of
 * this process. It needs the package `prom-client`, version 15.
 *
 * A scrape reads each job store of the schedulers and coordinators once, by one script, which takes as long for a million jobs as for
 * one. Workers add their slots and histograms of their runs.
 * @param registry a registry of `prom-client`; call `metrics` only once for each registry
 * @throws Error if the registry already has these metrics
 */
export function metrics(registry: Registry): Telemetry {
  const stores = new StoreMetrics(registry);
  const workers = new WorkerMetrics(registry);
  const runs = new RunMetrics(registry);
  return {
    watch: (part) => (part.role === 'worker' ? workers.add(part) : stores.add(part)),
    executed: (execution) => runs.executed(execution),
  };
}
