// If this is packed with its imports, `require` would load another copy.
import '@carillon/redis';

/**
 * @typedef {object} Server
 * @property {string} id
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} shutdown
 * @property {() => object} health
 */

/** What the test gave this process: options of its server, and other values for the program. */
export const given = JSON.parse(process.argv[2] ?? '{}');

/**
 * Starts a server, sends `ready`, and replies to the test over IPC. SIGTERM shuts the server down: nothing may keep
 * the process alive then. It never outlives the test, which holds the other end of the IPC channel.
 * @param {Server} server
 * @param {Record<string, (what: string) => unknown>} [answers] by the name of the question
 */
export async function serve(server, answers = {}) {
  const known = { health: () => server.health(), ...answers };
  // Not by process.exit(): a logger whose reader is gone would try forever to write its last lines.
  const orphaned = () => process.kill(process.pid, 'SIGKILL');
  process.on('disconnect', orphaned);
  process.on('message', ({ number, question, what }) => {
    process.send?.({ number, answer: known[question]?.(what) ?? null });
  });
  process.once('SIGTERM', async () => {
    await server.shutdown();
    process.off('disconnect', orphaned);
    process.disconnect();
  });
  await server.start();
  if (process.connected) process.send?.({ ready: server.id });
}
