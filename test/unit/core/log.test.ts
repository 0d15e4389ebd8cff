import { ConnectionError } from '@carillon/core';
import { defaultLogger, type Happening, reportTo } from '@carillon/core/internal';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';

type Line = Record<string, unknown>;

function recording() {
  const lines: Line[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) });
  const messages = () => lines.map(({ msg }) => msg);
  return { logger, lines, messages };
}

const job = { jobStore: 'default', jobId: 'j', runId: 'r', task: 't', attempt: 1 };

/** Each kind of happening that has an error: those that a missing Redis causes, and those of users' code. */
const OF_REDIS: {
  readonly [K in Exclude<WithError['kind'], keyof typeof OF_USERS>]: Omit<
    Extract<WithError, { kind: K }>,
    'kind' | 'error'
  >;
} = {
  connection_error: { redis: 'r:1' },
  not_reached: { retryMs: 1_000 },
  log_failed: { jobStore: 'default' },
  runs_not_read: { jobStore: 'default' },
  election_failed: { jobStore: 'default' },
  showing_failed: { jobStore: 'default' },
  tick_failed: { jobStore: 'default' },
  claim_failed: { jobStore: 'default', jobId: 'j' },
  queue_failed: { executor: 'default' },
  delivery_failed: { jobStore: 'default', deliveryId: 'd' },
  settling_failed: { jobStore: 'default' },
  heartbeat_failed: { jobStore: 'default' },
  progress_failed: { jobStore: 'default' },
};
const OF_USERS = {
  task_failed: job,
  task_retried: { ...job, retryInMs: 1_000 },
  executor_died: { executor: 'default' },
  teardown_failed: { executor: null },
  listener_failed: { event: 'job_executed' },
  telemetry_failed: {},
};
type WithError = Extract<Happening, { readonly error: unknown }>;

const happening = (kind: string, details: object, error: unknown) => ({ kind, ...details, error }) as Happening;
const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
const FAULTS = [
  () => new ConnectionError('Redis at r:1 did not answer', { redis: 'redis://r:1', cause: refused() }),
  refused,
  () => Object.assign(new Error('Reached the max retries per request limit'), { name: 'MaxRetriesPerRequestError' }),
  () => new Error('Command timed out'),
  () => new Error('Connection is closed.'),
  () => new Error('it was not begun', { cause: refused() }),
];

test('a log that cannot be written does not harm its reporters', () => {
  const logger = defaultLogger();
  logger.warn = () => {
    throw new Error('ENOSPC: no space left on device, write');
  };
  const report = reportTo(logger, new ManualClock());
  report({ kind: 'heartbeat_failed', jobStore: 'default', error: new Error('x') });
  report({ kind: 'connection', connection: { redis: 'r:1' }, change: { error: refused() } });
});

test('an error that throws as it is looked at is logged in other words', () => {
  const { logger, lines } = recording();
  const throwing = () => {
    throw new Error('do not look');
  };
  const error = Object.defineProperty(new Error('x'), 'message', { get: throwing });
  reportTo(logger)({ kind: 'task_failed', jobStore: 'default', jobId: 'j', runId: 'r', task: 't', attempt: 1, error });
  expect(lines).toMatchObject([
    {
      runId: 'r',
      msg: 'a task failed; it is not tried again',
      err: { message: 'something that cannot be written was thrown' },
    },
  ]);
});

test('while Redis is gone, whatever fails because of that adds no line, and no stack', async () => {
  const { logger, lines, messages } = recording();
  const clock = new ManualClock();
  const report = reportTo(logger, clock);
  const connection = { redis: 'redis://r:1' };
  const change = (to: 'up' | { error: unknown }) => report({ kind: 'connection', connection, change: to });
  change('up');
  const failing = () => {
    for (const [kind, details] of Object.entries(OF_REDIS)) {
      for (const fault of FAULTS) report(happening(kind, details, fault()));
    }
    for (const fault of FAULTS) {
      report({ kind: 'delivery_unsure', jobStore: 'default', runIds: ['r'], reason: 'x', fault: fault() });
    }
  };
  failing();
  expect(messages()).toEqual(['Redis is not reached; trying again']);
  change({ error: refused() });
  for (let second = 0; second < 9; second++) {
    failing();
    await clock.advance(1_000);
  }
  expect(lines).toHaveLength(1);
  await clock.advance(3_000);
  failing();
  change('up');
  // A call that began before the connection was back.
  failing();
  await clock.advance(60_000);
  expect(lines).toEqual([
    {
      level: 40,
      redis: 'r:1',
      cause: expect.stringMatching(/ECONNREFUSED/),
      msg: 'Redis is not reached; trying again',
    },
    {
      ...{ level: 50, redis: 'r:1', cause: 'the connection was refused (ECONNREFUSED)', goneMs: 10_000 },
      msg: 'Redis is still not reached; trying again',
    },
    { level: 40, redis: 'r:1', goneMs: 12_000, msg: 'Redis is reached again' },
  ]);
  expect(clock.timers).toBe(0);
});

test('any other error is logged with its stack, also while Redis is gone', () => {
  const { logger, lines } = recording();
  const report = reportTo(logger, new ManualClock());
  report({ kind: 'connection', connection: { redis: 'r:1' }, change: { error: refused() } });
  lines.length = 0;
  const kinds = Object.entries({ ...OF_REDIS, ...OF_USERS });
  for (const [kind, details] of kinds) report(happening(kind, details, new TypeError('no function')));
  expect(lines).toHaveLength(kinds.length);
  for (const line of lines) {
    expect(line).toMatchObject({
      err: { type: 'TypeError', message: 'no function', stack: expect.stringMatching(/at /) },
    });
  }
});

test("a connection error of users' code is theirs, and its cause is said once", () => {
  const { logger, lines } = recording();
  const report = reportTo(logger, new ManualClock());
  report({ kind: 'connection', connection: { redis: 'r:1' }, change: { error: refused() } });
  lines.length = 0;
  const error = new ConnectionError('Redis at r:1 did not answer (connect ECONNREFUSED)', { cause: refused() });
  for (const [kind, details] of Object.entries(OF_USERS)) report(happening(kind, details, error));
  expect(lines).toHaveLength(Object.keys(OF_USERS).length);
  for (const { err } of lines) {
    expect(err).toMatchObject({ type: 'ConnectionError', code: 'CONNECTION', message: error.message });
    expect(JSON.stringify(err).match(/connect ECONNREFUSED/g)).toHaveLength(2); // in message and stack
  }
});

test('where no connection is known, as in memory, a connection error is one line without its stack', () => {
  const { logger, lines } = recording();
  const error = new ConnectionError('the store is not reached', { cause: refused() });
  reportTo(logger)({ kind: 'tick_failed', jobStore: 'default', error });
  expect(lines).toEqual([
    { level: 50, jobStore: 'default', reason: error.message, msg: 'a step of the leader failed; trying again' },
  ]);
});

test('members with one logger say together that Redis is gone; with a logger each, each says it', async () => {
  const [one, other] = [recording(), recording()];
  const reports = [one.logger, one.logger, one.logger, other.logger].map((logger) =>
    reportTo(logger, new ManualClock()),
  );
  const connections = reports.map((report) => {
    const connection = { redis: 'r:1' };
    return (change: 'up' | { error: unknown }) => report({ kind: 'connection', connection, change });
  });
  for (const change of connections) change({ error: refused() });
  for (const change of connections) change('up');
  const said = ['Redis is not reached; trying again', 'Redis is reached again'];
  expect([one.messages(), other.messages()]).toEqual([said, said]);
});

test('what a task throws that is not an error is written as one', () => {
  const { logger, lines } = recording();
  for (const error of ['no', { code: 5 }, null]) reportTo(logger)({ kind: 'task_failed', ...job, error });
  expect(lines.map(({ err }) => err)).toMatchObject([
    { name: 'Error', message: 'no' },
    { name: 'Error', message: '{"code":5}' },
    { name: 'Error', message: 'null' },
  ]);
});
