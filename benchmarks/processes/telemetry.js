import { metrics } from 'carillon/metrics';
import { Registry } from 'prom-client';

/** What Prometheus waits by default is 15 s: here it asks more often. */
const SCRAPE_MS = 5_000;

/** The telemetry of a member that shows metrics, and is scraped; undefined: it shows none. */
export function telemetryOf(withMetrics) {
  if (!withMetrics) return undefined;
  const registry = new Registry();
  setInterval(() => void registry.metrics(), SCRAPE_MS).unref();
  return metrics(registry);
}
