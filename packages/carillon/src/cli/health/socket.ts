import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';

const ANSWER_MS = 2_000;

/** Sends the health of a server, as JSON, to each client of a local socket. */
export async function serveHealth(path: string, health: () => object): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(JSON.stringify(health()));
  });
  server.listen(path);
  await once(server, 'listening');
  return server.unref();
}

/** The health of a server. Rejects if there is no server, or it does not answer. */
export async function askHealth(path: string): Promise<unknown> {
  const socket = connect(path);
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer')));
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}
