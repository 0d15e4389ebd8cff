import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Telemetry } from '@carillon/core';
import type { Registry } from 'prom-client';
import { CliError, EXIT, UsageError } from '../exit-codes.js';
import type { MetricsOptions } from './options.js';

/** Metrics that are shown over HTTP. */
export interface ShownMetrics {
  readonly telemetry: Telemetry;
  close(): void;
}

interface Made {
  readonly registry: Registry;
  readonly telemetry: Telemetry;
}

/** Shows metrics over HTTP, where they are asked for. @throws UsageError, CliError */
export async function showMetrics(
  { metricsPort, metricsHost }: MetricsOptions,
  make: () => Promise<Made> = load,
): Promise<ShownMetrics | undefined> {
  if (metricsPort === undefined) return undefined;
  const { registry, telemetry } = await make().catch((error: unknown) => {
    throw isMissing(error) ? new UsageError(TO_INSTALL, { cause: error }) : error;
  });
  const server = createServer((request, response) => void answer(registry, request, response));
  await listening(server, metricsPort, metricsHost);
  return { telemetry, close: () => void server.close().closeAllConnections() };
}

const TO_INSTALL =
  '--metrics-port needs the package prom-client: install it where carillon is: `npm install prom-client@15` (`npm install --global prom-client@15`)';

/** `prom-client` is loaded only where it is asked for: it may not be there. */
async function load(): Promise<Made> {
  const [{ Registry }, { metrics }] = await Promise.all([import('prom-client'), import('../../metrics/index.js')]);
  const registry = new Registry();
  return { registry, telemetry: metrics(registry) };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
    // A server that has ended otherwise is not kept alive by it.
    server.unref();
  } catch (error) {
    const { message } = error as Error;
    throw new CliError(EXIT.failed, `--metrics-port: ${host}:${port} cannot be listened on: ${message}`, {
      cause: error,
    });
  }
}

async function answer(registry: Registry, { method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
  const isAsked = (method === 'GET' || method === 'HEAD') && /^\/metrics(\?|$)/.test(url ?? '');
  if (!isAsked) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('metrics are at /metrics\n');
  try {
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(method === 'HEAD' ? undefined : text);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(`${(error as Error).message}\n`);
  }
}
