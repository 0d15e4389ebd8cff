import { InvalidOptionsError, ShutDownError, type TaskMap } from '@carillon/core';
import { sharedLogger } from '@carillon/core/internal';
import { OpenAPIHono } from '@hono/zod-openapi';
import { openApiDocument } from './api/openapi.js';
import { failed, Refusal } from './api/problem.js';
import type { AnyScheduler } from './api/route.js';
import { ROUTES } from './api/routes.js';
import { serve } from './api/serve.js';
import { type Caller, callerOf } from './auth/identity.js';
import { secured } from './http/headers.js';
import type { Authenticate, ConsoleOptions } from './options.js';
import { pageFile } from './page/files.js';

/** The console of a cluster: answers requests, wherever it is mounted. */
export interface Console {
  /** Never rejects. */
  fetch(request: Request): Promise<Response>;
  /** Ends event streams, and answers 503 from then on. The scheduler goes on. */
  close(): void;
}

/**
 * The HTTP API and the web page, as one handler of web-standard requests.
 * @throws InvalidOptionsError
 */
export function createConsole<T extends TaskMap<T>>(options: ConsoleOptions<T>): Console {
  const { scheduler, auth, basePath = '', logger = sharedLogger() } = options;
  if (typeof auth !== 'function') throw new InvalidOptionsError('auth: give a function that says who asks');
  const report = (err: unknown) => logger.error({ err }, 'the console failed to answer a request');
  const served = {
    scheduler: scheduler as unknown as AnyScheduler,
    callerOf: (request: Request) => authenticated(auth, request),
  };
  const app = new OpenAPIHono();
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), patternOf(route.path), (context) =>
      serve(route, context.req.raw, context.req.param(), served),
    );
  }
  app.get(
    '/openapi.json',
    () => new Response(JSON.stringify(openApiDocument()), { headers: { 'content-type': 'application/json' } }),
  );
  app.get('*', (context) => pageFile(context.req.path) ?? nothing());
  app.notFound(nothing);
  app.onError((error) => failed(error, report));
  let isClosed = false;
  return {
    async fetch(request) {
      try {
        if (isClosed) throw new ShutDownError('console');
        return secured(await app.fetch(below(basePath, request)));
      } catch (error) {
        return secured(failed(error, report));
      }
    },
    close() {
      isClosed = true;
    },
  };
}

/** @throws Refusal */
async function authenticated(auth: Authenticate, request: Request): Promise<Caller> {
  const identity = await auth(request);
  if (identity === null)
    throw new Refusal('UNAUTHENTICATED', 'log in, or send a token', { 'www-authenticate': 'Bearer' });
  return callerOf(identity);
}

function nothing(): never {
  throw new Refusal('NOT_FOUND', 'there is nothing at this address: openapi.json has what there is');
}

/** `/v1/stores/{store}` as Hono writes it. */
function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The request as it is where the console's paths begin at `/`. */
function below(basePath: string, request: Request): Request {
  const url = new URL(request.url);
  if (basePath === '' || !`${url.pathname}/`.startsWith(`${basePath}/`)) return request;
  url.pathname = url.pathname.slice(basePath.length) || '/';
  return new Request(url, request);
}
