/** Reports that this process is ready, and sends its figures at each request. The process ends with its parent. */
export function answers(id, figures) {
  process.once('disconnect', () => process.exit());
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1_000;
    process.send({ ...figures(), at: performance.now(), cpuMs, rss: process.memoryUsage.rss() });
  });
  process.send({ ready: id });
}
