import { type Command, CommanderError } from 'commander';
import { codeOfCommander } from './exit-codes.js';
import { type Ended, Io, type Surroundings } from './io.js';
import { buildProgram } from './program.js';

/** Runs the command line, and says in one line on stderr what went wrong. Never rejects. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const io = new Io(surroundings);
  return Promise.race([io.ended, toItsEnd(argv, io)]);
}

async function toItsEnd(argv: readonly string[], io: Io): Promise<Ended> {
  try {
    await parse(await buildProgram(io, (name) => argv.includes(name)), argv, io.env);
  } catch (error) {
    if (error instanceof CommanderError) io.exitCode = codeOfCommander(error);
    else await fail(io, error);
  }
  await io.flushed();
  return { code: io.exitCode, atOnce: false };
}

/** Loads what knows the errors of commands only now: the help needs none of them. */
async function fail(io: Io, error: unknown): Promise<void> {
  const { exitCodeOf } = await import('./exit-code-of.js');
  io.exitCode = exitCodeOf(error);
  for (const line of (error instanceof Error ? error.message : String(error)).split('\n')) io.note(line);
}

/** Commander reads `process.env`, whatever it is given; it does so before this returns. */
function parse(program: Command, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Command> {
  const own = process.env;
  process.env = env;
  try {
    return program.parseAsync(argv, { from: 'user' });
  } finally {
    process.env = own;
  }
}
