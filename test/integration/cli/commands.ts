import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { pino } from 'pino';
import { Io } from '../../../packages/carillon/src/cli/io.js';
import { buildProgram } from '../../../packages/carillon/src/cli/program.js';

/** A command that does something, and the words that call it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

/** Returns every command of the command line. */
export async function allCommands(): Promise<Leaf[]> {
  return leavesOf(await commandLine(() => true), []);
}

/** The command line as it is built if the arguments name these commands. */
export function commandLine(isNamed: (name: string) => boolean): Promise<Command> {
  const stream = new PassThrough();
  const signals = stream;
  const logger = () => pino({ level: 'silent' });
  return buildProgram(new Io({ stdin: stream, stdout: stream, stderr: stream, env: {}, signals, logger }), isNamed);
}

function leavesOf(command: Command, path: readonly string[]): Leaf[] {
  const own = path.length > 0 && (command.commands.length === 0 || acts(command)) ? [{ path, command }] : [];
  return [...own, ...command.commands.flatMap((one) => leavesOf(one, [...path, one.name()]))];
}

/** Whether a command with subcommands does something by itself. Commander has no way to ask. */
function acts(command: Command): boolean {
  return typeof (command as unknown as { readonly _actionHandler: unknown })._actionHandler === 'function';
}
