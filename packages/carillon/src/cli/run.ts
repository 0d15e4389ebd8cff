import { CommanderError } from 'commander';
import { exitCodeOf } from './exit-codes.js';
import { note } from './output.js';
import { buildProgram } from './program.js';

/** Runs the command line: sets the exit code, and says in one line on stderr what went wrong. */
export async function run(argv: readonly string[]): Promise<void> {
  ignoreEmptySettings(process.env);
  // Who reads has gone, as with `| head`: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await buildProgram().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    // Commander has said it already.
    if (!(error instanceof CommanderError)) note(error instanceof Error ? error.message : String(error));
  }
}

/** Compose files and shells pass settings on that nobody set: an empty one counts as left out. */
function ignoreEmptySettings(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (env[name] === '' && (name.startsWith('CARILLON_') || name === 'REDIS_URL')) delete env[name];
  }
}
