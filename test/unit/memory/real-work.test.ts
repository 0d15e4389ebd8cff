import { exec, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { setInterval, setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { VirtualClock } from '@carillon/core/memory';
import { describe, expect, it, onTestFinished } from 'vitest';

const file = fileURLToPath(import.meta.url);

/** The machine may be busy. */
const PATIENT = { patience: '2m' } as const;

/** Returns when tracked work is over, in virtual ms. Meanwhile a timer passes each 10 ms. */
async function over(
  work: () => Promise<unknown>,
  clock = new VirtualClock(new Date(0), PATIENT),
): Promise<number | undefined> {
  let at: number | undefined;
  const tracked = clock.track(work).then(() => {
    at = clock.now();
  });
  for (let ms = 10; ms <= 100; ms += 10) clock.after(ms, () => {});
  await clock.advance(100);
  await Promise.race([tracked, turn()]);
  return at;
}

async function echo(): Promise<{ readonly ask: () => Promise<unknown>; readonly port: number }> {
  const server = createServer((socket) => void socket.on('data', (data) => setTimeout(() => socket.write(data), 20)));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const { connect } = await import('node:net');
  const socket: Socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const ask = () =>
    new Promise((resolve) => {
      socket.once('data', resolve);
      socket.write('?');
    });
  return { ask, port };
}

describe('no time passes while a task does real I/O', () => {
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    'nothing but promises': async () => {
      for (let at = 0; at < 100; at++) await null;
    },
    'a turn of the event loop': () => turn(),
    'a file': () => readFile(file),
    'files, one after the other': async () => {
      for (let at = 0; at < 20; at++) await readFile(file);
    },
    'a stream': async () => {
      for await (const _ of createReadStream(file, { highWaterMark: 64 }));
    },
    'a timer of 20 ms': () => wait(20),
    'timers, one after the other': async () => {
      for (let at = 0; at < 5; at++) await wait(5);
    },
    'a timer that is cancelled, and another one': async () => {
      clearTimeout(setTimeout(() => {}, 1_000));
      await wait(20);
    },
    'an interval': async () => {
      let ticks = 0;
      for await (const _ of setInterval(10)) if (++ticks === 3) break;
    },
    'a child process': () => promisify(exec)(`${JSON.stringify(process.execPath)} -e 0`),
    'the output of a child process that has ended': () => promisify(exec)('sleep 0.1 &'),
    'a child process without output': () => once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit'),
    'a child process that cannot be started': () =>
      promisify(execFile)('/no/such/program').catch(({ code }) => expect(code).toBe('ENOENT')),
    'work of the thread pool': () => promisify(gzip)(Buffer.alloc(1_000_000, 'x')),
    'a connection that is made': async () => {
      const { connect } = await import('node:net');
      const { port } = await echo();
      const socket = connect(port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.destroy();
    },
    'an answer over a connection that was there': async () => {},
  };

  it.each(Object.keys(works))('%s', async (name) => {
    const { ask } = name.startsWith('an answer') ? await echo() : { ask: undefined };
    expect(await over(ask ?? works[name] ?? (() => Promise.reject(new Error())))).toBe(0);
  });

  it('nor while that is another thread’s, or was named', async () => {
    const clock = new VirtualClock(new Date(0));
    const seen: number[] = [];
    // Work that began outside of the call is not seen there.
    const slow = wait(20);
    void clock.track(() => slow, true).then(() => seen.push(clock.now()));
    await clock.advance('1d');
    void clock.waitFor(wait(20)).then(() => seen.push(clock.now()));
    await clock.advance('1d');
    expect(seen).toEqual([0, 86_400_000]);
  });
});

describe('time passes', () => {
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    'where a promise waits for nothing that can be seen': () => new Promise(() => {}),
    'where a timer takes longer than the patience': () => wait(60_000, undefined, { ref: true }),
    'where a timer does not keep the process alive': () => wait(20_000, undefined, { ref: false }),
    'where a timer was cleared': () =>
      new Promise(() => {
        clearTimeout(setTimeout(() => {}, 1_000));
      }),
    'once the patience is used up': async () => {
      for await (const _ of setInterval(5));
    },
  };

  it.each(Object.keys(works))('%s', async (name) => {
    const stop = new AbortController();
    const clock = new VirtualClock(new Date(0), { patience: 100 });
    expect(await over(works[name] ?? (() => Promise.resolve()), clock)).toBe(undefined);
    expect(clock.now()).toBe(100);
    stop.abort();
  });

  it('at once, where the patience was used up before: an execution has it once', async () => {
    const clock = new VirtualClock(new Date(0), { patience: 50 });
    void clock.track(async () => {
      for await (const _ of setInterval(5));
    });
    const began = performance.now();
    for (let at = 0; at < 100; at++) await clock.advance(1);
    expect(performance.now() - began).toBeLessThan(100 * 50);
  });

  it('where what has ended left something behind', async () => {
    const clock = new VirtualClock(new Date(0), { patience: '1h' });
    await clock.track(async () => void setTimeout(() => {}, 30_000).ref());
    await clock.advance('1d');
    expect(clock.now()).toBe(86_400_000);
  });
});
