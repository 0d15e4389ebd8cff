// Where this is packed with what it imports, `require` would load another copy.
import '@carillon/redis';

/**
 * @typedef {object} Server
 * @property {string} id
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} shutdown
 * @property {() => object} health
 */

/** What the test gave this process: options of its server, and what else the program knows. */
export const given = JSON.parse(process.argv[2] ?? '{}');

/**
 * Starts a server, says `ready`, and answers what the test asks over IPC. SIGTERM shuts it down: nothing may keep the
 * process alive then. It never outlives the test, which holds the other end of the IPC channel.
 * @param {Server} server
 * @param {Record<string, (what: string) => unknown>} [answers] by the name of the question
 */
export async function serve(server, answers = {}) {
  const known = { health: () => server.health(), ...answers };
  // Not by process.exit(): a logger whose reader is gone would try to write its last lines for ever.
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
