// express.js
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import express from 'express';

export function start(options, path) {
  const app = express();
  // Before express.json(), which would read the bodies.
  app.use(path, nodeListener(createConsole(options)));
  return app.listen(0);
}
