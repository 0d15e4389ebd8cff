import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { AnswerDoc, Described } from './route.js';
import { ROUTES } from './routes.js';
import { problem } from './schemas/problem.js';
import { SESSION_ROUTES } from './session.js';
import { STATUSES } from './statuses.js';

const JSON_TYPE = 'application/json';

let made: object | undefined;

/** The OpenAPI 3.1 document of the API. */
export function openApiDocument(): object {
  made ??= makeDocument();
  return made;
}

function makeDocument(): object {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const route of ROUTES) app.openAPIRegistry.registerPath(described(route, `Needs the right \`${route.right}\`.`));
  for (const route of SESSION_ROUTES) app.openAPIRegistry.registerPath(described(route, 'Needs no right.'));
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Carillon console',
      version: '1',
      description:
        'Instants are ISO strings that end in Z, durations are milliseconds. Lists are pages: pass `cursor` on until it is null. ' +
        'An error is a problem (RFC 9457) with a code. Paths are relative to where the console is mounted. ' +
        'In a path, ids are percent-encoded; as URLs drop the parts `.` and `..`, an id that begins with a dot or with `~` needs one more `~` before it.',
    },
    servers: [{ url: '.' }],
    security: [{ token: [] }],
  });
}

function described(route: Described, description: string) {
  const { method, path, operationId, summary, params, query, body, headers = [], answers } = route;
  const responses = Object.entries(answers).map(([status, answer]) => [status, success(answer)]);
  return {
    method,
    path,
    operationId,
    summary,
    description,
    request: {
      params,
      ...(query && { query }),
      ...(headers.length > 0 && {
        headers: z.object(Object.fromEntries(headers.map((name) => [name, HEADERS[name]]))),
      }),
      ...(body && { body: { content: { [JSON_TYPE]: { schema: body } } } }),
    },
    responses: { ...Object.fromEntries(responses), default: PROBLEM },
  };
}

function success({ description, schema, mediaType = JSON_TYPE }: AnswerDoc) {
  return schema ? { description, content: { [mediaType]: { schema } } } : { description };
}

const HEADERS = {
  'If-Match': z
    .string()
    .optional()
    .openapi({ description: 'the ETag of the job as it was read; the response is 412 if it has changed since' }),
  'Idempotency-Key': z
    .string()
    .optional()
    .openapi({ description: '1 to 255 characters: the run is entered once under it, for 24 hours' }),
};

const PROBLEM = {
  description: `a problem; its code is one of ${Object.keys(STATUSES).join(', ')}`,
  content: { 'application/problem+json': { schema: problem } },
};
