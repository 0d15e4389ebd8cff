import { createConsole } from '@carillon/console';
import { Carillon, CarillonError, Coordinator, Scheduler, Worker } from 'carillon';
import { Alerts } from 'carillon/alerts';
import { runTask, TestCluster } from 'carillon/testing';
import { expect, it } from 'vitest';
import { silent } from '../../support/in-process.js';

const redis = { host: '127.0.0.1', port: 1 };
const tasks = { nothing() {} };
const place = { redis, logger: silent };

type Options = Readonly<Record<string, unknown>>;

/** Each function takes options that are valid except for the given ones. */
const DOORS: Readonly<Record<string, (options: Options) => unknown>> = {
  Scheduler: (options) => new Scheduler({ ...place, ...options } as never),
  Coordinator: (options) => new Coordinator({ ...place, ...options } as never),
  Worker: (options) => new Worker({ ...place, tasks, ...options } as never),
  Carillon: (options) => new Carillon({ ...place, tasks, ...options } as never),
};

const NO_LOGGERS = [0, -1, Number.NaN, '', 'x', true, Symbol('s'), [], {}, () => 1, { info() {} }];
const NO_PREFIXES = ['', 'a b', 'ü', 'x'.repeat(65), 0, -1, Number.NaN, true, Symbol('s'), [], {}];
const NO_REDIS = [
  ...[undefined, null, 0, Number.NaN, true, Symbol('s'), [], () => 1, '', 'localhost', 'http://localhost'],
  ...[{ port: 0 }, { port: 65_536 }, { port: '6379' }, { port: Number.NaN }, { port: 1.5 }, { host: '' }, { host: 1 }],
  ...[{ db: -1 }, { db: '1' }, { username: 1 }, { password: {} }, { tls: true }, { url: 'redis://localhost' }],
  ...[
    { cluster: [] },
    { cluster: 'localhost' },
    { cluster: [{ host: 'a' }] },
    { cluster: [{ host: 'a', port: 1, db: 2 }] },
  ],
  ...[{ sentinels: [{ host: 'a', port: 1 }] }, { sentinels: [], name: 'a' }],
];

/** Checks that the call throws a CarillonError, which names the wrong option. */
function refusal(make: () => unknown, option: string): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    expect(error.code).toBe('INVALID_OPTIONS');
    expect(error.message).toContain(option);
    return;
  }
  expect.fail('it was taken');
}

it.each(Object.entries(DOORS))('%s refuses a wrong Redis, prefix or logger', (_, make) => {
  for (const logger of NO_LOGGERS) refusal(() => make({ logger }), 'logger');
  for (const prefix of NO_PREFIXES) refusal(() => make({ prefix }), 'prefix');
  for (const one of NO_REDIS) refusal(() => make({ redis: one }), 'redis');
  for (const one of [null, 0, 'x', []]) refusal(() => make({ jobStores: one ?? [] }), 'jobStores');
  refusal(() => make({ unknwon: 1 }), 'unknwon');
});

it.each(Object.entries({ Scheduler, Coordinator, Worker, Carillon, Alerts }))(
  '%s refuses wrong options',
  (name, Made) => {
    for (const bad of [undefined, null, 0, 'x', true, [], Symbol('s')]) {
      expect(() => new (Made as new (options: never) => unknown)(bad as never), name).toThrow(CarillonError);
    }
  },
);

it.each(['Coordinator', 'Carillon'])('%s refuses limits of the account that are not valid', (name) => {
  for (const account of [0, 'x', true, [], { entries: 0 }, { entries: 1.5 }, { age: 'x' }, { days: 1 }]) {
    refusal(() => DOORS[name]?.({ account }), 'account');
  }
});

it('a password is in no message', () => {
  expect(() => DOORS.Scheduler?.({ redis: { password: 12_345, sentinelPassword: 'secret' } })).toThrow(
    expect.objectContaining({ message: expect.not.stringMatching(/12345|"secret"/) }),
  );
});

it('createConsole refuses what it cannot use', () => {
  const scheduler = new Scheduler(place);
  const auth = () => null;
  const good = { scheduler, auth };
  for (const bad of [undefined, null, 0, 'x', [], {}]) expect(() => createConsole(bad as never)).toThrow(CarillonError);
  for (const one of [null, 0, 'x', {}]) refusal(() => createConsole({ ...good, scheduler: one } as never), 'scheduler');
  for (const one of [null, 0, 'x', {}, { tokens: [] }])
    refusal(() => createConsole({ ...good, auth: one } as never), 'auth');
  for (const one of [null, 0, {}]) refusal(() => createConsole({ ...good, basePath: one } as never), 'basePath');
  for (const one of [null, 0, {}]) refusal(() => createConsole({ ...good, logger: one } as never), 'logger');
  refusal(() => createConsole({ ...good, path: '/' } as never), 'path');
  createConsole(good).close();
});

it('the test kit refuses what it cannot use', async () => {
  for (const start of [null, 0, Symbol('s'), {}, '2026', new Date(Number.NaN)]) {
    refusal(() => new TestCluster({ tasks, start } as never), 'start');
  }
  for (const attempt of [null, 0, 1.5, Symbol('s'), '1', Number.NaN]) {
    await expect(runTask(tasks.nothing, [], { attempt } as never)).rejects.toThrow(/attempt/);
  }
  for (const options of [null, 0, 'x', []]) {
    await expect(runTask(tasks.nothing, [], options as never)).rejects.toThrow(CarillonError);
  }
});
