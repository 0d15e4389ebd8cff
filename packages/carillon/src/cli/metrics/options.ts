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
      new Option('--metrics-port <port>', 'show metrics for Prometheus there, at /metrics (default: nowhere)')
        .env('CARILLON_METRICS_PORT')
        .argParser(port),
    )
    .addOption(
      new Option('--metrics-host <host>', 'address of this machine to show them at; 0.0.0.0: at all')
        .env('CARILLON_METRICS_HOST')
        .default('127.0.0.1'),
    );
}
