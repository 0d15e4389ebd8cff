import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Console } from '../console.js';
import { nodeListener } from './listener.js';

/** Where a console listens. */
export interface ListenOptions {
  /** Address of this machine; 127.0.0.1 where it is left out. */
  readonly host?: string | undefined;
  /** 0, and where it is left out: a free one. */
  readonly port?: number | undefined;
}

export interface ListeningConsole {
  /** With a slash at its end. */
  readonly url: string;
  /** Ends event streams, lets other requests finish for 5 s at most, and takes no more. The scheduler goes on. */
  close(): Promise<void>;
}

/** What one client, or many, can take. */
interface Bounds {
  /** How long a slow client may take to send its headers, or the whole request, ms. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often that is looked at, ms. */
  readonly checkMs: number;
  readonly connections: number;
}

const BOUNDS: Bounds = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000, connections: 1_000 };
/** How long requests may take to finish at the end, ms. */
const PATIENCE_MS = 5_000;

/** Serves a console on a port of its own, over plain HTTP. Rejects with the system's error where the port cannot be listened on. */
export async function listen(console: Console, options: ListenOptions = {}): Promise<ListeningConsole> {
  return listenWithin(BOUNDS, console, options);
}

/** The same within other bounds: tests do not wait for long. */
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
