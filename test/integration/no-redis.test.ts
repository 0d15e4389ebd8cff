import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { Coordinator } from '@carillon/coordinator';
import { ConnectionError, Scheduler, type SchedulerSettings } from '@carillon/core';
import { Worker } from '@carillon/worker';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { failure, silent } from '../support/in-process.js';

const FAST_MS = 5_000;
const tasks = { ping: () => 'pong' };

/** A port on which no server listens. */
async function freePort(): Promise<number> {
  const server = await listening(createServer());
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** A server that takes connections and never answers. */
async function mutePort(): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  const server = await listening(createServer((socket) => sockets.add(socket)));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

/** Expects that the calls of a client fail fast, each with a client of its own. */
async function expectFastFailures(port: number): Promise<void> {
  const address = `127.0.0.1:${port}`;
  const calls: ((scheduler: Scheduler) => Promise<unknown>)[] = [
    (scheduler) => scheduler.start(),
    (scheduler) => scheduler.addJob({ task: 'ping' }),
    (scheduler) => scheduler.getJob('x'),
    (scheduler) => scheduler.enqueue('ping'),
    (scheduler) => scheduler.pause(),
    (scheduler) => scheduler.addListener(() => {}),
    (scheduler) => scheduler.addJobStore('other'),
  ];
  const failures = calls.map(async (call) => {
    const scheduler = new Scheduler({ redis: `redis://user:sec%2Fret@${address}`, logger: silent });
    const began = performance.now();
    const error = await failure(() => call(scheduler));
    const tookMs = performance.now() - began;
    expect(error, `${call}: ${error.stack}`).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(address);
    expect(`${error.message} ${error.stack}`).not.toContain('sec');
    expect(tookMs, `${call}`).toBeLessThan(FAST_MS + 1_000);
    const closing = performance.now();
    await scheduler.shutdown();
    expect(performance.now() - closing).toBeLessThan(1_000);
  });
  await Promise.all(failures);
}

describe('where Redis is not reached', () => {
  it('a client fails fast, naming the address but not the password', async () => {
    await expectFastFailures(await freePort());
  });

  it('also where something takes the connection and never answers', async () => {
    await expectFastFailures(await mutePort());
  });

  it('a wrong password is reported, and shown nowhere', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    await ask(server.url, ['ACL', 'SETUSER', 'app', 'on', '>right', '~*', '&*', '+@all']);
    const lines: string[] = [];
    const write = (...reported: unknown[]) => lines.push(inspect(reported, { depth: 9 }));
    const writing: object = { debug: write, info: write, warn: write, error: write, child: () => writing };
    const logger = writing as NonNullable<SchedulerSettings['logger']>;
    const access = { username: 'app', password: 'hunter22' };
    for (const redis of [
      `redis://app:hunter22@127.0.0.1:${server.port}`,
      { host: '127.0.0.1', port: server.port, ...access },
    ]) {
      const scheduler = new Scheduler({ redis, logger });
      const worker = new Worker({ redis, tasks, logger });
      void worker.start();
      for (const call of [() => scheduler.addJob({ task: 'ping' }), () => scheduler.addListener(() => {})]) {
        const error = await failure(call);
        expect(error).toBeInstanceOf(ConnectionError);
        expect(error.message).toMatch(
          /127\.0\.0\.1:\d+ refused the login \(WRONGPASS.*check the user and the password/,
        );
        expect(inspect(error, { depth: 9 })).not.toContain('hunter22');
      }
      await eventually(() => expect(lines.join()).toContain('trying again'));
      await Promise.all([scheduler.shutdown(), worker.shutdown()]);
      expect(lines.join()).toContain('WRONGPASS');
      expect(lines.join()).not.toContain('hunter22');
      lines.length = 0;
    }
  });

  it('a Carillon fails to start, and can be shut down', async () => {
    const port = await freePort();
    const carillon = new Carillon({ redis: { host: '127.0.0.1', port, password: 'secret' }, tasks, logger: silent });
    const error = await failure(() => carillon.start());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).not.toContain('secret');
    await carillon.shutdown();
  });

  it.each([
    ['no server listens', freePort],
    ['no server answers', mutePort],
  ])('coordinators and workers keep trying where %s, and can be shut down meanwhile', async (_, port) => {
    const redis = `redis://127.0.0.1:${await port()}`;
    for (const server of [new Coordinator({ redis, logger: silent }), new Worker({ redis, tasks, logger: silent })]) {
      let started = false;
      const starting = server.start().then(() => {
        started = true;
      });
      await eventually(() => expect(server.health().status).toBe('starting'));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(started).toBe(false);
      const began = performance.now();
      await server.shutdown();
      expect(performance.now() - began).toBeLessThan(15_000);
      expect(server.health().status).toBe('shut down');
      await starting;
    }
  });

  it('coordinators and workers start once Redis is there', async () => {
    const port = await freePort();
    const redis = `redis://127.0.0.1:${port}`;
    const coordinator = new Coordinator({ redis, logger: silent });
    const worker = new Worker({ redis, tasks, logger: silent });
    onTestFinished(async () => {
      await Promise.all([coordinator.shutdown(), worker.shutdown()]);
    });
    const started = Promise.all([coordinator.start(), worker.start()]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([coordinator.health().status, worker.health().status]).toEqual(['starting', 'starting']);
    const server = await startRedis({ port });
    onTestFinished(() => server.stop());
    await started;
    const scheduler = new Scheduler({ redis, logger: silent });
    onTestFinished(() => scheduler.shutdown());
    const executed = new Promise((resolve) => void scheduler.addListener(resolve, ['job_executed']));
    await scheduler.start();
    await scheduler.enqueue('ping');
    expect(await executed).toMatchObject({ value: 'pong' });
    await Promise.all([coordinator.shutdown(), worker.shutdown()]);
  });
});
