import { CarillonError, type CarillonErrorCode } from '@carillon/core';
import { CommanderError } from 'commander';
import { NoRedisError } from '../local-redis/index.js';

/** What a command ends with. Documented in `docs/cli.md`: a number, once given, keeps its meaning. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notFound: 3, noRedis: 4, refused: 5 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What ends a command on purpose, with what to print and the exit code. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command line was wrong, or what it names was. */
export class UsageError extends CliError {
  constructor(message: string, options?: ErrorOptions) {
    super(EXIT.usage, message, options);
  }
}

const OF_CODE: Partial<Record<CarillonErrorCode, ExitCode>> = {
  INVALID_OPTIONS: EXIT.usage,
  INVALID_JOB: EXIT.usage,
  INVALID_ARGUMENTS: EXIT.usage,
  INVALID_TRIGGER: EXIT.usage,
  JOB_NOT_FOUND: EXIT.notFound,
  NOT_QUARANTINED: EXIT.notFound,
  NOT_RESTORABLE: EXIT.refused,
  UNREADABLE_JOB: EXIT.refused,
  RUN_NOT_FOUND: EXIT.notFound,
  UNKNOWN_JOB_STORE: EXIT.notFound,
  CONNECTION: EXIT.noRedis,
  CONFLICTING_ID: EXIT.refused,
  MAX_INSTANCES: EXIT.refused,
  CONTENTION: EXIT.refused,
  STALE_REVISION: EXIT.refused,
  UNEXPECTED_COUNT: EXIT.refused,
  UNKNOWN_TASK: EXIT.refused,
};

/** The exit code for what a command failed with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof NoRedisError) return EXIT.noRedis;
  if (error instanceof CarillonError) return OF_CODE[error.code] ?? EXIT.failed;
  return EXIT.failed;
}
