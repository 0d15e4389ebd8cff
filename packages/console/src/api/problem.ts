import { type ArgumentIssue, CarillonError, ConnectionError, InvalidArgumentsError } from '@carillon/core';
import { type ConsoleCode, type ProblemCode, STATUSES } from './statuses.js';

/** An error response: RFC 9457, with a code for programs. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong, and what to do. */
  readonly detail: string;
  readonly code: ProblemCode;
  /** What is wrong with arguments. */
  readonly issues?: readonly ArgumentIssue[];
}

/** The error of a request that the console itself refuses. */
export class Refusal extends Error {
  readonly code: ConsoleCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ConsoleCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.code = code;
    this.headers = headers;
  }
}

function problemOf(code: ProblemCode, detail: string): Problem {
  const [status, title] = STATUSES[code];
  return { type: `urn:carillon:problem:${code}`, title, status, detail, code };
}

/** Returns the response to a failed request. An error that is not ours, or that names a host, is hidden and passed to `report`. */
export function failed(error: unknown, report: (error: unknown) => void): Response {
  if (error instanceof Refusal) return problem(error.code, error.message, error.headers);
  if (error instanceof InvalidArgumentsError)
    return answer({ ...problemOf(error.code, error.message), issues: error.issues });
  if (error instanceof ConnectionError) {
    report(error);
    return problem(error.code, 'Redis does not reply: try again. The log of the console has the details');
  }
  if (error instanceof CarillonError) return problem(error.code, error.message);
  report(error);
  return problem('INTERNAL', 'the log of the console has the error');
}

function problem(code: ProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(problemOf(code, detail), headers);
}

function answer(body: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  const type = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify(body), { status: body.status, headers: { ...type, ...headers } });
}
