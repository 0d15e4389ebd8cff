import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { pino } from 'pino';
import { Io } from '../../../packages/carillon/src/cli/io.js';
import { buildProgram } from '../../../packages/carillon/src/cli/program.js';

/** A command that does something, by what is typed for it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

/** Every command of the command line, as it is built. */
export function allCommands(): Leaf[] {
  const stream = new PassThrough();
  const signals = stream;
  const logger = () => pino({ level: 'silent' });
  const io = new Io({ stdin: stream, stdout: stream, stderr: stream, env: {}, signals, logger });
  return leavesOf(buildProgram(io), []);
}

function leavesOf(command: Command, path: readonly string[]): Leaf[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((one) => leavesOf(one, [...path, one.name()]));
}
