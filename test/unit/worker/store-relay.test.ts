import { ConnectionError, ShutDownError, UnexpectedReplyError } from '@carillon/core';
import { StoreFullError } from '@carillon/core/internal';
import { expect, it } from 'vitest';
import { answerOf } from '../../../packages/worker/src/executors/answering.js';
import { StoreRelay } from '../../../packages/worker/src/executors/inside/store-relay.js';
import { RunCalls } from '../../../packages/worker/src/run-calls.js';

/** A relay whose messages go as JSON to the calls of a job store. */
function relayTo(call: ConstructorParameters<typeof RunCalls>[0]): StoreRelay {
  const calls = new RunCalls(call);
  const relay: StoreRelay = new StoreRelay((asked) => {
    const message = { ...asked, kind: 'store', callId: 1 } as const;
    void answerOf(calls, message).then((answer) => relay.hear(JSON.parse(JSON.stringify(answer))));
  });
  return relay;
}

it('what the job store returns and throws is the same on the other side, in any order', async () => {
  const errors: readonly [Error, new (...args: never[]) => Error][] = [
    [new ConnectionError('Redis is away'), ConnectionError],
    [new StoreFullError('full'), UnexpectedReplyError],
    [new ShutDownError('worker'), ShutDownError],
    [new TypeError('odd'), Error],
  ];
  for (const [error, type] of errors) {
    const thrown = await relayTo(() => Promise.reject(error))
      .call('read', [])
      .catch((other: unknown) => other);
    expect(thrown).toBeInstanceOf(type);
    const { code } = error as { readonly code?: string };
    expect(thrown).toMatchObject({ name: error.name, message: error.message, ...(code && { code }) });
  }
  const relay = relayTo(async (method, params) => {
    if (method === 'hold') return undefined;
    if (method === 'list') await new Promise((resolve) => setImmediate(resolve));
    return { method, params };
  });
  const list = relay.call('list', { limit: 5, cursor: null });
  expect(await relay.call('runs', ['a'])).toEqual({ method: 'runs', params: ['a'] });
  expect(await relay.call('hold', {})).toBe(null);
  expect(await list).toEqual({ method: 'list', params: { limit: 5, cursor: null } });
});
