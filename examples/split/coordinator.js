import { Coordinator } from '@carillon/coordinator';

const coordinator = new Coordinator({ redis: process.env.REDIS_URL, prefix: process.env.CARILLON_PREFIX });
await coordinator.start();
process.once('SIGTERM', async () => {
  await coordinator.shutdown();
  process.exit(); // whatever else is still open
});
console.log('coordinator: ready');
