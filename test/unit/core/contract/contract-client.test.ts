import { ConnectionError, InvalidArgumentsError, UnexpectedReplyError } from '@carillon/core';
import { expect, it } from 'vitest';
import { ContractClient } from '../../../../packages/core/src/contract/contract-client.js';

const REFUSING = { type: 'array', maxItems: 0 };

/** A client that sees one worker. The test sets its contracts and the clock. */
function worldOf() {
  const world = { now: 0, looks: 0, contracts: {} as Record<string, unknown> };
  const worker = () => ({
    executors: [{ alias: 'default', kind: 'async', concurrency: 1 }],
    tasks: ['t'],
    leaseMs: 5_000,
    contracts: world.contracts,
  });
  const inspect = async () => {
    world.looks += 1;
    return { now: 0, workers: [{ workerId: 'w', heardAt: 0, json: JSON.stringify(worker()) }] } as never;
  };
  const client = new ContractClient({ inspect }, { now: () => world.now } as never);
  const call = () => client.checking(async (known) => known.check({ task: 't', executor: 'default', args: [1] }));
  return { world, call };
}

it('what was seen of the workers counts for 3 s, also where the clock went back', async () => {
  const { world, call } = worldOf();
  await call();
  world.now = 2_999;
  await call();
  expect(world.looks).toBe(1);
  world.now = 3_000;
  await call();
  expect(world.looks).toBe(2);
  world.now = -3_000;
  await call();
  expect(world.looks).toBe(3);
});

it('before a call is refused, the workers are looked at again', async () => {
  const { world, call } = worldOf();
  world.contracts = { t: REFUSING };
  await expect(call()).rejects.toThrow(InvalidArgumentsError);
  expect(world.looks).toBe(1);
  world.contracts = {};
  await call();
  expect(world.looks).toBe(2);
});

it('a contract that no validator can use refuses nothing', async () => {
  const { world, call } = worldOf();
  const unusable = [
    { $ref: 'https://example.com/other.json' },
    { items: { type: 'number', $ref: '#/nowhere' } },
    { pattern: '(' },
  ];
  for (const contract of [...unusable, 'text', null, 7, []]) {
    world.now += 10_000;
    world.contracts = { t: contract };
    await call();
  }
});

it('where the job store cannot be looked at, nothing is refused; where Redis is not reached, the call fails at once', async () => {
  const failing = (error: Error) =>
    new ContractClient({ inspect: () => Promise.reject(error) }, { now: () => 0 } as never).checking(async (known) =>
      known.issuesOf({ task: 't', executor: 'default', args: [1] }),
    );
  expect(await failing(new UnexpectedReplyError('the look failed'))).toEqual([]);
  await expect(failing(new ConnectionError('no answer'))).rejects.toThrow('no answer');
});
