import { z } from '@hono/zod-openapi';
import { type Caller, REDACTIONS } from '../auth/identity.js';
import { RIGHTS } from '../auth/rights.js';
import type { Described } from './route.js';

const path = '/v1/session';
const params = z.object({});
const list = z.array(z.string()).nullable().openapi({ description: 'null: all' });

export const loginBody = z.strictObject({ token: z.string().min(1).max(500) });

/** The routes about the caller itself, which need no right. */
export const SESSION_ROUTES = [
  {
    method: 'get',
    path,
    params,
    operationId: 'getSession',
    summary: 'The caller and its rights',
    answers: {
      200: {
        description: 'the caller',
        schema: z
          .strictObject({
            actor: z.string(),
            rights: z.array(z.enum(RIGHTS)),
            stores: list,
            tags: list,
            redact: z.array(z.enum(REDACTIONS)),
          })
          .openapi('Session'),
      },
    },
  },
  {
    method: 'post',
    path,
    params,
    operationId: 'logIn',
    summary: 'Begins a session with a token, where the console takes tokens: for its page',
    body: loginBody,
    answers: { 204: { description: 'the cookie of the session is set' } },
  },
  {
    method: 'delete',
    path,
    params,
    operationId: 'logOut',
    summary: 'Ends the session',
    answers: { 204: { description: 'it has ended' } },
  },
] as const satisfies readonly Described[];

/** The caller and its rights, for the page. */
export function sessionOf({ actor, rights, stores, tags, redact }: Caller): object {
  const all = (set: ReadonlySet<string> | null) => set && [...set];
  return { actor, rights: all(rights), stores: all(stores), tags: all(tags), redact: all(redact) };
}
