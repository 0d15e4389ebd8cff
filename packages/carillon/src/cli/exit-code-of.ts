import { CarillonError, type CarillonErrorCode } from '@carillon/core';
import { CommanderError } from 'commander';
import { NoRedisError } from '../local-redis/index.js';
import { CliError, codeOfCommander, EXIT, type ExitCode } from './exit-codes.js';

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
  if (error instanceof CommanderError) return codeOfCommander(error);
  if (error instanceof NoRedisError) return EXIT.noRedis;
  if (error instanceof CarillonError) return OF_CODE[error.code] ?? EXIT.failed;
  return EXIT.failed;
}
