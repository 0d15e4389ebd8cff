// fastify.js
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import fastify from 'fastify';

export async function start(options, path) {
  const listener = nodeListener(createConsole({ ...options, basePath: path }));
  const app = fastify();
  app.addHook('onRequest', async (request, reply) => {
    if (!`${request.raw.url}/`.startsWith(`${path}/`)) return;
    reply.hijack();
    await listener(request.raw, reply.raw);
  });
  await app.listen({ port: 0 });
  return app.server;
}
