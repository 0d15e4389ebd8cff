import { type ArgumentsContract, InvalidArgumentsError, interval, Scheduler } from '@carillon/core';
import { expect, test } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { counted } from '../support/counted-calls.js';
import { failure, silent } from '../support/in-process.js';

const person = { type: 'object', properties: { email: { type: 'string', pattern: '@' } }, required: ['email'] };
const MAIL: ArgumentsContract = { type: 'array', prefixItems: [person], items: false, minItems: 1 };
const TEXT: ArgumentsContract = { type: 'array', prefixItems: [{ type: 'string' }], items: false, minItems: 1 };

const RIGHT = [{ email: 'ada@example.com' }];
const WRONG = [{ email: 5 }];
const AT_PATH = /args\[0\]\.email: has type number, not string/;

/** Joins a living worker whose task `mail` has this contract, or none if null. */
async function join({ store }: TestedStore, workerId: string, contract: ArgumentsContract | null, alias = 'default') {
  const info = { executors: [{ alias, kind: 'async', concurrency: 1 }], tasks: ['mail'], leaseMs: 5_000 };
  const json = JSON.stringify({ ...info, ...(contract && { contracts: { mail: contract } }) });
  const event = { type: 'worker_joined' as const, about: {} };
  await store.ledger.join({ worker: { workerId, json }, executors: [alias], tasks: ['mail'], event });
}

function schedulerOf(contract: TestedStore, calls = new Map<string, number>()) {
  return new Scheduler({ backend: counted(contract.backend, calls), logger: silent });
}

const job = (id: string, args: readonly unknown[]) => ({ id, task: 'mail', args, trigger: interval('1h') }) as never;

jobStoreContract('the contracts of tasks', (open) => {
  test('each door refuses arguments that no worker accepts, with their path, before anything is written', async () => {
    const contract = await open();
    await join(contract, 'w', MAIL);
    const scheduler = schedulerOf(contract);
    await scheduler.addJob(job('right', RIGHT));
    const before = (await scheduler.getEvents()).events;
    const doors = [
      () => scheduler.addJob(job('wrong', WRONG)),
      () => scheduler.addJob(job('wrong', WRONG), { dryRun: true }),
      () => scheduler.addJobs([job('other', RIGHT), job('wrong', WRONG)]),
      () => scheduler.modifyJob('right', { task: 'mail', args: WRONG } as never),
      () => scheduler.modifyJob('right', { task: 'mail', args: WRONG } as never, { dryRun: true }),
      () => scheduler.enqueue('mail', WRONG as never),
      () => scheduler.runJob('right', { args: WRONG } as never),
      () => scheduler.as({ actor: 'ada' }).enqueue('mail', WRONG as never),
    ];
    for (const door of doors) {
      const error = await failure(door);
      expect(error).toBeInstanceOf(InvalidArgumentsError);
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENTS', issues: [{ path: 'args[0].email' }] });
      expect(error.message).toMatch(AT_PATH);
    }
    expect((await scheduler.getEvents()).events).toEqual(before);
    expect((await scheduler.getJobs()).jobs.map(({ id }) => id)).toEqual(['right']);
    await scheduler.modifyJob('right', { task: 'mail', args: [{ email: 'eve@example.com' }] } as never);
    await scheduler.runJob('right');
  });

  test('the message names the job and its task; kwargs are the last argument', async () => {
    const contract = await open();
    await join(contract, 'w', MAIL);
    const scheduler = schedulerOf(contract);
    const { message } = await failure(() => scheduler.addJob(job('a', WRONG)));
    expect(message).toMatch(/^job "a" of task "mail": args\[0\]/);
    const spec = { id: 'b', task: 'mail', kwargs: { email: 5 }, trigger: interval('1h') };
    expect((await failure(() => scheduler.addJob(spec as never))).message).toMatch(AT_PATH);
  });

  test('a job whose arguments are not accepted any more is changed otherwise, and not run by hand', async () => {
    const contract = await open();
    const scheduler = schedulerOf(contract);
    await scheduler.addJob(job('old', WRONG));
    await join(contract, 'w', MAIL);
    await scheduler.modifyJob('old', { name: 'renamed' } as never);
    await scheduler.pauseJob('old');
    await scheduler.resumeJob('old');
    // A client's knowledge of the workers is a few seconds old at most: another client reads it at once.
    const other = schedulerOf(contract);
    expect((await failure(() => other.runJob('old'))).message).toMatch(AT_PATH);
    const changes = { task: 'mail', args: [{ email: 6 }] } as never;
    expect((await failure(() => other.modifyJob('old', changes))).message).toMatch(AT_PATH);
    await other.modifyJob('old', { executor: 'letters' } as never);
    expect((await failure(() => other.modifyJob('old', { executor: 'default' } as never))).message).toMatch(AT_PATH);
  });

  test('in a deployment that is under way, one worker that accepts is enough', async () => {
    const contract = await open();
    await join(contract, 'new', MAIL);
    const scheduler = schedulerOf(contract);
    await failure(() => scheduler.enqueue('mail', ['text']));
    await join(contract, 'old', TEXT);
    await scheduler.enqueue('mail', ['text']);
    await scheduler.enqueue('mail', RIGHT);
    expect((await failure(() => scheduler.enqueue('mail', [5]))).message).toContain('args[0]: ');
    await join(contract, 'older', null);
    await scheduler.enqueue('mail', [5]);
  });

  test('where no living worker of the executor has the task, nothing is refused', async () => {
    const contract = await open();
    const scheduler = schedulerOf(contract);
    await scheduler.enqueue('mail', WRONG);
    await join(contract, 'w', MAIL, 'letters');
    const other = schedulerOf(contract);
    await other.enqueue('mail', WRONG);
    await other.enqueue('other', WRONG, { executor: 'letters' });
    expect((await failure(() => other.enqueue('mail', WRONG, { executor: 'letters' }))).message).toMatch(AT_PATH);
  });

  test('however many jobs and runs there are, the workers are looked at once', async () => {
    const contract = await open();
    await join(contract, 'w', MAIL);
    const calls = new Map<string, number>();
    const scheduler = schedulerOf(contract, calls);
    await scheduler.addJobs(Array.from({ length: 1_000 }, (_, place) => job(String(place), RIGHT)));
    expect(calls.get('inspect')).toBe(1);
    const again = new Map<string, number>();
    const other = schedulerOf(contract, again);
    await Promise.all(Array.from({ length: 50 }, () => other.enqueue('mail', RIGHT)));
    expect(again.get('inspect')).toBe(1);
  });
});
