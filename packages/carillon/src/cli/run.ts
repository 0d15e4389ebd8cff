import { type Command, CommanderError } from 'commander';
import { exitCodeOf } from './exit-codes.js';
import { type Ended, Io, type Surroundings } from './io.js';
import { buildProgram } from './program.js';

/** Runs the command line, and says in one line on stderr what went wrong. Never rejects. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const io = new Io(surroundings);
  return Promise.race([io.ended, toItsEnd(argv, io)]);
}

async function toItsEnd(argv: readonly string[], io: Io): Promise<Ended> {
  try {
    await parse(buildProgram(io), argv, io.env);
  } catch (error) {
    io.exitCode = exitCodeOf(error);
    // Commander has said it already.
    if (!(error instanceof CommanderError)) {
      for (const line of (error instanceof Error ? error.message : String(error)).split('\n')) io.note(line);
    }
  }
  await io.flushed();
  return { code: io.exitCode, atOnce: false };
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
