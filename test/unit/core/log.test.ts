import { defaultLogger, reportTo } from '@carillon/core/internal';
import { pino } from 'pino';
import { expect, test } from 'vitest';

test('a log that cannot be written harms nobody who reports', () => {
  const logger = defaultLogger();
  logger.warn = () => {
    throw new Error('ENOSPC: no space left on device, write');
  };
  reportTo(logger)({ kind: 'heartbeat_failed', jobStore: 'default', error: new Error('x') });
});

test('an error that throws as it is looked at is told of in other words', () => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  const throwing = () => {
    throw new Error('do not look');
  };
  const error = Object.defineProperty(new Error('x'), 'message', { get: throwing });
  reportTo(logger)({ kind: 'task_failed', jobStore: 'default', jobId: 'j', runId: 'r', task: 't', attempt: 1, error });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      runId: 'r',
      msg: 'a task failed; it is not tried again',
      err: { message: 'something that cannot be written was thrown' },
    },
  ]);
});
