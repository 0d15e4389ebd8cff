import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApiDocument } from '../../packages/console/src/api/openapi.js';

/** The API's own document; `docs/console-openapi.json` is the same. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly requestBody?: Content;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, Content>>;
}

interface Content {
  readonly content?: Readonly<Record<string, unknown>>;
}

const document = openApiDocument() as Document;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'openapi');
const compiled = new Map<string, ValidateFunction>();
/** Most routes have the same errors: equal schemas are compiled once. */
const compiledOf = new Map<string, ValidateFunction>();

/** Throws if a request does not match the document. */
export function checkRequest(method: string, path: string, body: unknown): void {
  const found = operationOf(method, path);
  if (!found) return;
  const { operation, pointer } = found;
  const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
  for (const name of new URL(path, 'http://x').searchParams.keys()) {
    if (!names.includes(name)) throw new Error(`${method} ${path}: the document has no query ${name}`);
  }
  if (body === undefined) return;
  if (!operation.requestBody) throw new Error(`${method} ${path}: the document has no body`);
  const at = `${pointer}/requestBody/content/application~1json/schema`;
  check(at, operation.requestBody.content?.['application/json'], body, `the body of ${method} ${path}`);
}

/** Throws if an answer does not match the document. */
export function checkAnswer(
  method: string,
  path: string,
  { status, headers, body }: { readonly status: number; readonly headers: Headers; readonly body: unknown },
): void {
  const found = operationOf(method, path);
  if (!found) return;
  const { operation, pointer } = found;
  const key = operation.responses[status] ? String(status) : 'default';
  const what = `the answer ${status} of ${method} ${path}`;
  if (key === 'default' && status < 400) throw new Error(`${what} is not in the document`);
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const content = operation.responses[key]?.content;
  if (!content) {
    if (body !== '') throw new Error(`${what} has a body: ${JSON.stringify(body)}`);
    return;
  }
  if (!content[type]) throw new Error(`${what} is ${type}, which is not in the document`);
  const at = `${pointer}/responses/${key}/content/${type.replace('/', '~1')}/schema`;
  if (type.endsWith('json')) check(at, content[type], body, what);
}

/** Paths with fewer parameters match first. */
const TEMPLATES = Object.keys(document.paths)
  .sort((a, b) => a.split('{').length - b.split('{').length)
  .map((template) => ({ template, like: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));

function operationOf(method: string, path: string) {
  const { pathname } = new URL(path, 'http://x');
  const { template } = TEMPLATES.find(({ like }) => like.test(pathname)) ?? {};
  const operation = template && document.paths[template]?.[method.toLowerCase()];
  if (!operation) return undefined;
  const escaped = template.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return { operation, pointer: `openapi#/paths/${escaped}/${method.toLowerCase()}` };
}

function check(pointer: string, content: unknown, value: unknown, what: string): void {
  const validate = compiled.get(pointer) ?? compile(pointer, JSON.stringify(content));
  compiled.set(pointer, validate);
  if (validate(value)) return;
  const why = validate.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`${what} is not as the document says: ${why?.join('; ')}\n${JSON.stringify(value).slice(0, 2_000)}`);
}

function compile(pointer: string, content: string): ValidateFunction {
  const validate = compiledOf.get(content) ?? ajv.compile({ $ref: pointer });
  compiledOf.set(content, validate);
  return validate;
}
