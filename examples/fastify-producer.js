// A web server as producer: it answers at once, and a worker does the work.

import { Carillon, Scheduler } from 'carillon';
import Fastify from 'fastify';

const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const prefix = process.env.CARILLON_PREFIX;

const scheduler = new Scheduler({ redis, prefix });
const server = Fastify();
server.post('/orders', async (request, reply) => {
  const { runId } = await scheduler.enqueue('order.ship', [request.body]);
  return reply.code(202).send({ runId });
});
server.addHook('onClose', () => scheduler.shutdown());
const address = await server.listen({ host: '127.0.0.1', port: 0 });

// Elsewhere, in a process of its own: whoever does the work.
const shipped = deferred();
const cluster = new Carillon({
  redis,
  prefix,
  tasks: {
    'order.ship': ({ item }) => {
      console.log(`shipping ${item}`);
      shipped.resolve();
    },
  },
});
await cluster.start();

const answer = await fetch(`${address}/orders`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ item: 'a bell' }),
});
console.log(`the server said ${answer.status}: ${JSON.stringify(await answer.json())}`);

await shipped.promise;
await server.close();
await cluster.shutdown();

/** A promise to be resolved from elsewhere. */
function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
