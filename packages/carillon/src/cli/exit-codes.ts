import type { CommanderError } from 'commander';

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

/** The exit code for what Commander ends with: help, the version, or a command line that is wrong. It has printed it already. */
export function codeOfCommander({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? EXIT.ok : EXIT.usage;
}
