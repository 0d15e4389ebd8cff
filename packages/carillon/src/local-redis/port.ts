import { createServer } from 'node:net';
import { PortTakenError } from './errors.js';

const attempts = 5;

/** Calls `use` with the wanted port; or with a free one, and with another where another program took it first. */
export async function withPort<T>(wanted: number | undefined, use: (port: number) => Promise<T>): Promise<T> {
  if (wanted !== undefined) return use(wanted);
  for (let attempt = 1; ; attempt++) {
    try {
      return await use(await freePort());
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === attempts) throw error;
    }
  }
}

/** A port of 127.0.0.1 that the operating system says is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
