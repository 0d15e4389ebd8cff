import { InvalidOptionsError, ShutDownError, type TaskMap } from '@carillon/core';
import { checkNames, sharedLogger } from '@carillon/core/internal';
import { OpenAPIHono } from '@hono/zod-openapi';
import { openApiDocument } from './api/openapi.js';
import { failed, Refusal } from './api/problem.js';
import type { AnyScheduler } from './api/route.js';
import { ROUTES } from './api/routes.js';
import { SealedCursors } from './api/sealed-cursors.js';
import { serve } from './api/serve.js';
import { SESSION_ROUTES, sessionOf } from './api/session.js';
import { Streams } from './api/streams.js';
import { callerOf } from './auth/caller-of.js';
import type { Caller } from './auth/identity.js';
import { TokenLogin } from './auth/token-login.js';
import { secured } from './http/headers.js';
import type { Authenticate, ConsoleOptions, RequestOrigin } from './options.js';
import { pageFile } from './static/files.js';

/** The console of a cluster: a handler of requests, which can be mounted anywhere. */
export interface Console {
  /** Never rejects. */
  fetch(request: Request, origin?: RequestOrigin): Promise<Response>;
  /** Ends event streams, and responds with 503 from then on. It does not shut the scheduler down. */
  close(): void;
}

/**
 * Creates a console: the HTTP API and the web page, as one handler of web-standard requests.
 * @throws InvalidOptionsError
 */
export function createConsole<T extends TaskMap<T>>(options: ConsoleOptions<T>): Console {
  checkNames(options, ['scheduler', 'auth', 'basePath', 'logger'], 'createConsole');
  const { scheduler, auth, basePath = '', logger = sharedLogger() } = options;
  if (typeof scheduler?.getJobs !== 'function')
    throw new InvalidOptionsError('scheduler: give a Scheduler, or a Carillon');
  if (typeof basePath !== 'string') throw new InvalidOptionsError('basePath: give a path such as "/ops/carillon"');
  if (typeof logger?.error !== 'function') {
    throw new InvalidOptionsError('logger: give an object with the method error, such as a pino logger');
  }
  const base = basePath.replace(/\/+$/, '');
  const login = loginOf(auth);
  const report = (err: unknown) => logger.error({ err }, 'the console failed to answer a request');
  const streams = new Streams();
  const served = {
    streams,
    cursors: new SealedCursors(),
    scheduler: scheduler as unknown as AnyScheduler,
    callerOf: (request: Request) => authenticated(auth, login, request),
  };
  const app = new OpenAPIHono();
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), patternOf(route.path), (context) =>
      serve(route, context.req.raw, context.req.param(), served),
    );
  }
  app.get('/v1/session', async (context) => Response.json(sessionOf(await served.callerOf(context.req.raw))));
  if (login) {
    app.post('/v1/session', (context) => login.logIn(context.req.raw, addressOf(context.req.raw)));
    app.delete('/v1/session', (context) => login.logOut(context.req.raw));
  }
  for (const [path, methods] of methodsByPath()) app.all(patternOf(path), () => notAllowed(methods));
  app.get(
    '/openapi.json',
    () => new Response(JSON.stringify(openApiDocument()), { headers: { 'content-type': 'application/json' } }),
  );
  app.get('*', (context) => pageFile(context.req.path) ?? nothing());
  app.notFound(nothing);
  app.onError((error) => failed(error, report));
  let isClosed = false;
  return {
    async fetch(given, { address = '' } = {}) {
      try {
        const { pathname } = new URL(given.url);
        if (base !== '' && pathname === base) return secured(withSlash(base));
        const request = below(base, given);
        addresses.set(request, address);
        if (isClosed) throw new ShutDownError('console');
        return secured(await app.fetch(request));
      } catch (error) {
        return secured(failed(error, report));
      }
    },
    close() {
      isClosed = true;
      streams.close();
    },
  };
}

const addresses = new WeakMap<Request, string>();

function addressOf(request: Request): string {
  return addresses.get(request) ?? '';
}

/** @throws InvalidOptionsError */
function loginOf(auth: ConsoleOptions['auth'] | undefined): TokenLogin | null {
  if (typeof auth === 'function') return null;
  if (auth && Array.isArray(auth.tokens) && auth.tokens.length > 0) return new TokenLogin(auth.tokens);
  throw new InvalidOptionsError(
    'auth: give a function that identifies the caller, or { tokens } with at least one token',
  );
}

/** @throws Refusal */
async function authenticated(
  auth: ConsoleOptions['auth'],
  login: TokenLogin | null,
  request: Request,
): Promise<Caller> {
  const identity = login ? login.identify(request, addressOf(request)) : await (auth as Authenticate)(request);
  if (identity === null)
    throw new Refusal('UNAUTHENTICATED', 'log in, or send a token', { 'www-authenticate': 'Bearer' });
  return callerOf(identity);
}

/** Of each path of the API, which methods it takes. */
function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of [...ROUTES, ...SESSION_ROUTES]) {
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  return methods;
}

function notAllowed(methods: readonly string[]): never {
  const allow = methods.join(', ');
  throw new Refusal('METHOD_NOT_ALLOWED', `this address accepts ${allow}`, { allow });
}

function nothing(): never {
  throw new Refusal('NOT_FOUND', 'there is nothing at this address: openapi.json lists all addresses');
}

/** `/v1/stores/{store}` as Hono writes it. */
function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The page's addresses are relative to its own, which is to end in a slash. A relative one holds behind each proxy. */
function withSlash(path: string): Response {
  return new Response(null, { status: 308, headers: { location: `./${path.slice(path.lastIndexOf('/') + 1)}/` } });
}

/** The request as it is where the console's paths begin at `/`. */
function below(basePath: string, request: Request): Request {
  const url = new URL(request.url);
  if (basePath === '' || !`${url.pathname}/`.startsWith(`${basePath}/`)) return request;
  url.pathname = url.pathname.slice(basePath.length) || '/';
  return new Request(url, request);
}
