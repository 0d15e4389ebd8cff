import { createServer, request as forward, type Server } from 'node:http';

/** The path of the server behind the proxy. */
export const PROXY_PATH = '/tools/x';

/**
 * A proxy that shows a server mounted at `path` at `/tools/x/`. It adds a missing slash itself, as proxies do, and listens
 * on its own port.
 */
export function rewritingProxy(origin: string, path: string, { proto = 'http' } = {}): Server {
  const server = createServer((asked, answer) => {
    if (asked.url === PROXY_PATH) return void answer.writeHead(301, { location: `${PROXY_PATH}/` }).end();
    const url = (asked.url ?? '').replace(/^\/tools\/x/, path);
    const { method = 'GET', headers } = asked;
    const passed = forward(
      origin + url,
      { method, headers: { ...headers, 'x-forwarded-proto': proto } },
      (reported) => {
        answer.writeHead(reported.statusCode ?? 502, reported.headers);
        reported.pipe(answer);
      },
    );
    answer.on('close', () => passed.destroy());
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  return server.listen(0, '127.0.0.1');
}
