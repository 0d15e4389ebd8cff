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
export async function allCommands(): Promise<Leaf[]> {
  return leavesOf(await commandLine(() => true), []);
}

/** The command line as it is built where these commands are named. */
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

/** Whether a command that has others below it does something by itself. Commander says so nowhere. */
function acts(command: Command): boolean {
  return typeof (command as unknown as { readonly _actionHandler: unknown })._actionHandler === 'function';
}
