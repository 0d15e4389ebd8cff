// node.js
import { createServer } from 'node:http';
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';

export function start(options, path) {
  return createServer(nodeListener(createConsole({ ...options, basePath: path }))).listen(0);
}
