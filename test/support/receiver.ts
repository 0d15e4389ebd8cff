import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP server on loopback that records the requests it gets. It closes after the test. */
export class Receiver {
  readonly received: Received[] = [];
  /** Sends the response to a request; `number` counts from 1. Default: 204. */
  answer: (number: number, response: ServerResponse, request: Received) => unknown = (_, response) => {
    response.writeHead(204).end();
  };
  url = '';

  static async open(answer?: Receiver['answer']): Promise<Receiver> {
    const receiver = new Receiver();
    if (answer) receiver.answer = answer;
    const server = createServer((request, response) => void receiver.#take(request, response));
    onTestFinished(() => void server.close().closeAllConnections());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return receiver;
  }

  /** Resolves once `number` requests have arrived. */
  async count(number: number): Promise<readonly Received[]> {
    await eventually(() => {
      if (this.received.length < number) throw new Error(`${this.received.length} of ${number} requests have come`);
    });
    return this.received;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const one = { path: request.url ?? '', headers, body };
    this.received.push(one);
    await this.answer(this.received.length, response, one);
  }
}
