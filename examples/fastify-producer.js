// A web server as producer: it answers at once, and a worker does the work. A client that asks again, having heard no answer,
// sends the same key: the order ships once.

import { Carillon, Scheduler } from 'carillon';
import Fastify from 'fastify';

const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const prefix = process.env.CARILLON_PREFIX;

const scheduler = new Scheduler({ redis, prefix });
const server = Fastify();
server.post('/orders', async (request, reply) => {
  const key = request.headers['idempotency-key'];
  const { runId, isDuplicate } = await scheduler.enqueue('order.ship', [request.body], {
    dedupe: key && { key, for: '1h' },
  });
  return reply.code(isDuplicate ? 200 : 202).send({ runId });
});
server.addHook('onClose', () => scheduler.shutdown());
const address = await server.listen({ host: '127.0.0.1', port: 0 });

// Elsewhere, in a process of its own: the worker.
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

for (let time = 0; time < 2; time++) {
  const answer = await fetch(`${address}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'order-17' },
    body: JSON.stringify({ item: 'a bell' }),
  });
  console.log(`the server said ${answer.status}: ${JSON.stringify(await answer.json())}`);
}

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
