import { pino } from 'pino';
import { expect, test } from 'vitest';
import { insideLogger, standardLevel } from '../../../packages/worker/src/executors/inside/logger.js';

test('a level that only its logger knows is the next one up that all know', () => {
  const levelOf = (level: string) => standardLevel(pino({ level, customLevels: { verbose: 25, fatal2: 70 } }));
  expect(['trace', 'debug', 'verbose', 'info', 'fatal', 'fatal2', 'silent'].map(levelOf)).toEqual([
    'trace',
    'debug',
    'info',
    'info',
    'fatal',
    'silent',
    'silent',
  ]);
  for (const level of ['verbose', 'fatal2', 'silent'])
    expect(() => insideLogger(levelOf(level), () => {})).not.toThrow();
});
