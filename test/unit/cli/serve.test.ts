import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../packages/carillon/src/cli/exit-codes.js';
import { Io } from '../../../packages/carillon/src/cli/io.js';
import { type Server, serve } from '../../../packages/carillon/src/cli/servers/serve.js';

const never = new Promise<void>(() => {});
const logger = pino({ level: 'silent' });

/** Serves a server. The test sends it signals. */
function serving(server: Partial<Server>) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const signals = new EventEmitter();
  const io = new Io({ stdin, stdout, stderr, env: {}, signals, logger: () => logger });
  const whole = { start: async () => {}, shutdown: async () => {}, health: () => ({}), ...server };
  void serve(io, whole, logger);
  return { io, signal: (name: string) => signals.emit(name, name), said: () => String(stderr.read() ?? '') };
}

describe('a server', () => {
  it.each(['SIGTERM', 'SIGINT'])('%s drains it, and ends it with 0', async (name) => {
    let shutDown = () => {};
    const drained = new Promise<void>((resolve) => {
      shutDown = resolve;
    });
    const { io, signal } = serving({ shutdown: () => drained });
    signal(name);
    expect(await Promise.race([io.ended, new Promise((resolve) => setImmediate(resolve, 'drains'))])).toBe('drains');
    shutDown();
    expect(await io.ended).toEqual({ code: 0, atOnce: true });
  });

  it.each([
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGINT', 'SIGINT', 130],
    ['SIGTERM', 'SIGINT', 130],
  ])('%s, then %s ends it at once, with %i', async (first, second, code) => {
    const { io, signal } = serving({ shutdown: () => never });
    signal(first);
    signal(second);
    expect(await io.ended).toEqual({ code, atOnce: true });
  });

  it('is shut down when it does not start, and says why', async () => {
    let isShutDown = false;
    const start = async () => {
      throw new UsageError('no tasks');
    };
    const shutdown = async () => {
      isShutDown = true;
    };
    const { io, said } = serving({ start, shutdown });
    expect(await io.ended).toEqual({ code: 2, atOnce: true });
    expect([isShutDown, said()]).toEqual([true, 'carillon: no tasks\n']);
  });
});
