import { type Command, Option } from 'commander';
import { port } from '../options/values.js';

export interface MetricsOptions {
  readonly metricsPort?: number;
  readonly metricsHost: string;
}

/** Where metrics are shown. */
export function withMetrics(command: Command): Command {
  return command
    .addOption(
      new Option('--metrics-port <port>', 'the port of metrics for Prometheus, at /metrics (default: none)')
        .env('CARILLON_METRICS_PORT')
        .argParser(port),
    )
    .addOption(
      new Option('--metrics-host <host>', 'the address of this machine for metrics; 0.0.0.0 means all')
        .env('CARILLON_METRICS_HOST')
        .default('127.0.0.1'),
    );
}
