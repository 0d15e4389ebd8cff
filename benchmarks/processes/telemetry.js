import { metrics } from 'carillon/metrics';
import { Registry } from 'prom-client';

/** Shorter than the default of Prometheus, 15 s. */
const SCRAPE_MS = 5_000;

/** Returns the telemetry of a member whose metrics are scraped; undefined if it has no metrics. */
export function telemetryOf(withMetrics) {
  if (!withMetrics) return undefined;
  const registry = new Registry();
  setInterval(() => void registry.metrics(), SCRAPE_MS).unref();
  return metrics(registry);
}
