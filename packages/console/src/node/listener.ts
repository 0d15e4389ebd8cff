import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { RequestOrigin } from '../options.js';

/** A console, or any other handler of web-standard requests. */
export interface FetchHandler {
  fetch(request: Request, origin?: RequestOrigin): Response | Promise<Response>;
}

/** A listener as Express, Nest and `node:http` call it. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Makes the console a listener of Node's requests, for `createServer`, `app.use` of Express and Nest, and other functions that take
 * `(req, res)`. If a framework has read the body already, the console finds none: mount the console before body parsers.
 */
export function nodeListener(console: FetchHandler): NodeListener {
  const listener = getRequestListener(
    (request, env) => console.fetch(request, { address: env.incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );
  return async (request, response) => {
    const mount = mountWithoutSlash(request);
    if (mount === undefined) return listener(request, response);
    // The page's addresses are relative to its own, which is to end in a slash.
    response.writeHead(308, { location: `${mount}/`, 'content-length': 0 }).end();
  };
}

/**
 * The last part of the path at which a framework has mounted this, if the request came without the slash at its end. Frameworks remove
 * the mount path from `url`, and leave it in `originalUrl`.
 */
function mountWithoutSlash(request: IncomingMessage & { readonly originalUrl?: string }): string | undefined {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
  const [below = ''] = (request.url ?? '').split('?');
  if (below !== '/' || path.endsWith('/')) return undefined;
  return `./${path.slice(path.lastIndexOf('/') + 1)}`;
}
