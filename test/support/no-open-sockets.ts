import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';

const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/**
 * The files of a worker share its process. If one leaves a socket open, the virtual clocks of later files wait for an answer over
 * it, one second for each execution.
 */
afterAll(async () => {
  for (let looks = 0; looks < 500 && openSockets() > 0; looks++) await delay(10);
  if (openSockets() > 0) throw new Error(`this file leaves ${openSockets()} sockets open`);
});
