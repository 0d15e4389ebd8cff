import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { seconds } from './cluster.js';

/**
 * Counts the commands that a Redis runs in a number of seconds: `calls` that clients send, and commands `inside` scripts. It uses a socket
 * of its own: ioredis' `monitor()` throws if commands of other clients arrive together with the answer to MONITOR.
 */
export async function commandsOf(redis, forS) {
  const { hostname, port } = new URL(redis);
  const socket = connect(Number(port), hostname);
  try {
    const lines = createInterface({ input: socket });
    const counts = { calls: 0, inside: 0 };
    socket.write('MONITOR\r\n');
    const [answer] = await once(lines, 'line');
    if (answer !== '+OK') throw new Error(`MONITOR: ${answer}`);
    lines.on('line', (line) => counts[/^\+[\d.]+ \[\d+ lua\] /.test(line) ? 'inside' : 'calls']++);
    await seconds(forS);
    return counts;
  } finally {
    socket.destroy();
  }
}
