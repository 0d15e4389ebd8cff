import type { lookup } from 'node:dns';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { durationInUnit } from '@carillon/core/internal';
import { isPublicAddress } from './addresses.js';
import { checkHost, hostOf, publicLookup, RefusedHostError } from './guard.js';

/** The most bytes that are read of a response. */
const MOST_BYTES = 65_536;
/** The most characters of the body that an error shows. */
const SHOWN = 200;

/** A request to an untrusted host. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The limit for the whole request, from the resolution of the name to the end of the response, ms. */
  readonly timeoutMs: number;
  /** Hosts, as URLs name them, that may have private addresses. */
  readonly allowHosts: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  /** In place of the system's resolver, for tests. */
  readonly resolve?: typeof lookup;
}

/** Resolves if the response is a success (2xx). It follows no redirects. @throws Error that says what was wrong */
export async function sendRequest({ url, method, headers, body, ...how }: OutgoingRequest): Promise<void> {
  const host = hostOf(url);
  const isAllowed = how.allowHosts.has(host);
  if (!isAllowed) checkHost(host);
  const timeout = AbortSignal.timeout(how.timeoutMs);
  const signal = how.signal ? AbortSignal.any([timeout, how.signal]) : timeout;
  // Each has a connection of its own: one that is kept could have been made under another name.
  const options = { method, headers: headersOf(headers, body), signal, agent: false } as const;
  const { status, text } = await new Promise<Answer>((resolve, reject) => {
    const start = url.protocol === 'https:' ? overHttps : overHttp;
    const lookup = isAllowed ? how.resolve : publicLookup(how.resolve);
    const request = start(url, { ...options, ...(lookup && { lookup }) }, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.on('error', reject);
    request.on('socket', (socket) => {
      socket.on('connect', () => {
        const { remoteAddress = '' } = socket;
        if (!isAllowed && !isPublicAddress(remoteAddress)) request.destroy(new RefusedHostError(host, remoteAddress));
      });
    });
    request.end(body);
  }).catch((error: unknown) => {
    throw timeout.aborted ? new Error(`no answer within ${durationInUnit(how.timeoutMs)}`, { cause: error }) : error;
  });
  if (status < 200 || status > 299) throw new Error(refusal(status, text));
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Cuts off a response that is longer than the limit: the status says enough. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let [length, text] = [0, ''];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (text.length < SHOWN) text += chunk.toString('utf8', 0, SHOWN);
    length += chunk.length;
    if (length > MOST_BYTES) break;
  }
  response.destroy();
  return { status: response.statusCode ?? 0, text: text.slice(0, SHOWN) };
}

function refusal(status: number, text: string): string {
  const body = text.trim().replaceAll(/[\s\p{Cc}]+/gu, ' ');
  const why = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return `the answer is ${status}${why}${body === '' ? '' : `: ${body}`}`;
}

function headersOf(headers: Readonly<Record<string, string>> = {}, body?: string): Record<string, string> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return { 'user-agent': 'carillon-alerts', ...headers, ...length };
}
