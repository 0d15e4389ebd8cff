import { expect, test } from 'vitest';
import { decodePayload } from '../../../packages/worker/src/payloads.js';

const PAYLOADS = {
  'no arguments': { task: 't', args: [] },
  'plain arguments': { task: 't', args: [1, 'two', null, true], timeoutMs: 5 },
  'an object among them': { task: 't', args: [{ a: [1] }, 2], retry: { attempts: 3 } },
  'an array among them': { task: 't', args: [[1, [2]]] },
  'named arguments': { task: 't', args: [], kwargs: { a: { b: 1 } } },
  'no named arguments': { task: 't', args: [], kwargs: {} },
  'a long argument': { task: 't', args: [{ text: 'x'.repeat(3_000) }] },
};

test.for(Object.entries(PAYLOADS))(
  'a task may change what it is given, and the next one is given it unchanged: %s',
  ([, payload]) => {
    const json = JSON.stringify(payload);
    const { args, kwargs } = payload as { args: unknown[]; kwargs?: object };
    for (let run = 0; run < 3; run++) {
      const read = decodePayload(json);
      expect(read).toMatchObject(payload);
      expect(read).toEqual({ ...read, args, kwargs });
      if (payload === PAYLOADS['an object among them']) expect(read?.retry?.backoff.type).toBe('exponential');
      spoil([...(read?.args ?? [])]);
      spoil([read?.kwargs]);
    }
  },
);

/** Does what a task can do to its arguments. A task does not get the array of them. */
function spoil(given: readonly unknown[]): void {
  for (const one of given) {
    if (Array.isArray(one)) {
      spoil(one);
      one.length = 0;
    } else if (typeof one === 'object' && one !== null) {
      spoil(Object.values(one));
      for (const name of Object.keys(one)) delete (one as Record<string, unknown>)[name];
    }
  }
}

test('what cannot be read is null, each time', () => {
  for (const json of ['', '{', 'null', '{"task":"t"}', '{"task":"","args":[]}']) {
    expect([decodePayload(json), decodePayload(json)]).toEqual([null, null]);
  }
});

test('many texts are remembered for a while only, and each is read as it is', () => {
  const json = (index: number) => JSON.stringify({ task: `t${index}`, args: [index] });
  for (let index = 0; index < 2_500; index++) {
    const args = decodePayload(json(index))?.args ?? [];
    if (args.length !== 1 || args[0] !== index) expect(args).toEqual([index]);
  }
  for (let index = 0; index < 2_500; index += 100) expect(decodePayload(json(index))?.task).toBe(`t${index}`);
});
