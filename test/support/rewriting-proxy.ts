import { createServer, request as forward, type Server } from 'node:http';

/** Where it has what is behind it. */
export const PROXY_PATH = '/tools/x';

/**
 * A proxy at which a server that is mounted at `path` is at `/tools/x/`, wherever that is: it adds the slash itself, as proxies do. It listens
 * at a port of its own.
 */
export function rewritingProxy(origin: string, path: string, { proto = 'http' } = {}): Server {
  const server = createServer((asked, answer) => {
    if (asked.url === PROXY_PATH) return void answer.writeHead(301, { location: `${PROXY_PATH}/` }).end();
    const url = (asked.url ?? '').replace(/^\/tools\/x/, path);
    const { method = 'GET', headers } = asked;
    const passed = forward(origin + url, { method, headers: { ...headers, 'x-forwarded-proto': proto } }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    answer.on('close', () => passed.destroy());
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  return server.listen(0, '127.0.0.1');
}
