import { createServer } from 'node:net';
import { PortTakenError } from './errors.js';

const attempts = 5;

/** Calls `use` with the given port, or with a free one; if another program takes that first, it tries another one. */
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

/** Returns a port of 127.0.0.1 that is free now, from the operating system. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
