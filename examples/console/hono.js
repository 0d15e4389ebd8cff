// hono.js

import { createServer } from 'node:http';
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import { Hono } from 'hono';

export function start(options, path) {
  const console = createConsole({ ...options, basePath: path });
  const app = new Hono();
  app.all(`${path}/*`, (context) => console.fetch(context.req.raw));
  return createServer(nodeListener(app)).listen(0);
}
