/** What the demo gave this process: options of its server, and what else its program needs. */
export const given = JSON.parse(process.argv[2]);

/**
 * Starts a coordinator or a worker and reports its id to the demo. SIGTERM shuts it down.
 * @param {{ id: string, start(): Promise<void>, shutdown(): Promise<void> }} server
 */
export async function serve(server) {
  const orphaned = () => process.exit(1);
  process.on('disconnect', orphaned);
  // Ctrl-C reaches every process of the terminal: the demo it is that ends this one.
  process.on('SIGINT', () => {});
  process.once('SIGTERM', async () => {
    await server.shutdown();
    process.off('disconnect', orphaned);
    if (process.connected) process.disconnect();
  });
  await server.start();
  process.send({ id: server.id });
}
