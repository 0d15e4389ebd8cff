import type { CarillonEvent } from '@carillon/core';
import { CarillonError, ConnectionError, InvalidJobError, JobNotFoundError, MaxInstancesError } from '@carillon/core';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { lineOf, wireOf } from '../../../packages/carillon/src/cli/events/lines.js';
import { exitCodeOf } from '../../../packages/carillon/src/cli/exit-code-of.js';
import { UsageError } from '../../../packages/carillon/src/cli/exit-codes.js';
import { wallClockIn } from '../../../packages/carillon/src/cli/next/wall-clock.js';
import { table } from '../../../packages/carillon/src/cli/table.js';

describe('tables', () => {
  it('have columns as wide as they need, and nothing that steers a terminal', () => {
    expect(
      table(
        ['A', 'BB'],
        [
          ['long', 'x'],
          ['\u001b[31m', ''],
        ],
      ),
    ).toBe('A      BB\nlong   x\n?[31m\n');
  });
});

describe('exit codes', () => {
  it.each([
    [new UsageError('x'), 2],
    [new CommanderError(1, 'commander.unknownOption', 'x'), 2],
    [new CommanderError(0, 'commander.helpDisplayed', 'x'), 0],
    [new InvalidJobError('x'), 2],
    [new JobNotFoundError('x', 'default'), 3],
    [new ConnectionError('x'), 4],
    [new MaxInstancesError('x'), 5],
    [new CarillonError('UNEXPECTED_REPLY', 'x'), 1],
    [new Error('x'), 1],
    ['x', 1],
  ])('%s: %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe('events', () => {
  const event = {
    v: 1,
    seq: 3,
    type: 'job_executed',
    at: new Date(1_790_000_000_000),
    jobStore: 'default',
    jobId: 'daily eu',
    runId: 'r',
    executionId: 'r.0',
    task: 'a',
    scheduledRunTime: new Date(1_790_000_000_000),
    value: { text: '\u001b[31m', at: '2026-01-01T00:00:00Z' },
  } as CarillonEvent;

  it('travel with milliseconds', () => {
    expect(wireOf(event)).toEqual({ ...event, at: 1_790_000_000_000, scheduledRunTime: 1_790_000_000_000 });
  });

  it('are one line for people, whatever is in them', () => {
    const line = lineOf(event);
    expect(line).toMatch(/^2026-09-21T\S+Z default job_executed {6}"daily eu" runId=r executionId=r\.0 task=a /);
    expect(line).toContain('\\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('fire times', () => {
  const after = new Date('2026-03-27T12:00:00Z');
  it('are shown by the clock of the zone', () => {
    expect(wallClockIn('Australia/Lord_Howe', after)).toBe('Fri 2026-03-27 23:00:00 +11:00');
    expect(wallClockIn('UTC', after)).toBe('Fri 2026-03-27 12:00:00 +00:00');
  });
});
