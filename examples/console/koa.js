// koa.js
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import Koa from 'koa';

export function start(options, path) {
  const listener = nodeListener(createConsole({ ...options, basePath: path }));
  const app = new Koa();
  app.use(async (context, next) => {
    if (!`${context.path}/`.startsWith(`${path}/`)) return next();
    context.respond = false;
    await listener(context.req, context.res);
  });
  return app.listen(0);
}
