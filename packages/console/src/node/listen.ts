import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Console } from '../console.js';
import { nodeListener } from './listener.js';

/** The address at which a console listens. */
export interface ListenOptions {
  /** An address of this machine; default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** The port; default, or 0: a free one. */
  readonly port?: number | undefined;
}

export interface ListeningConsole {
  /** The URL of the console, with a slash at its end. */
  readonly url: string;
  /** Stops taking requests, ends event streams, and lets other requests finish for up to 5 s. It does not shut the scheduler down. */
  close(): Promise<void>;
}

/** Limits for one client, and for all of them. */
interface Bounds {
  /** How long a slow client may take to send its headers, or the whole request, ms. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often these limits are checked, ms. */
  readonly checkMs: number;
  readonly connections: number;
}

const BOUNDS: Bounds = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000, connections: 1_000 };
/** How long requests may take to finish when the console closes, ms. */
const PATIENCE_MS = 5_000;

/** Serves a console on its own port, over plain HTTP. Rejects with the error of the system if it cannot listen on the port. */
export async function listen(console: Console, options: ListenOptions = {}): Promise<ListeningConsole> {
  return listenWithin(BOUNDS, console, options);
}

/** The same with other limits, so that tests need not wait for long. */
export async function listenWithin(
  { headersMs, requestMs, checkMs, connections }: Bounds,
  console: Console,
  { host = '127.0.0.1', port = 0 }: ListenOptions = {},
): Promise<ListeningConsole> {
  const timeouts = { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs };
  const server = createServer(timeouts, nodeListener(console));
  server.maxConnections = connections;
  server.listen(port, host);
  await once(server, 'listening');
  return { url: urlOf(server.address() as AddressInfo), close: () => closed(console, server) };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}

async function closed(console: Console, server: Server): Promise<void> {
  console.close();
  const patience = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(patience);
}
