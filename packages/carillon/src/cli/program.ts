import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { COMMANDS } from './commands.js';
import type { Io } from './io.js';

const AFTER_HELP = `
First steps, in two terminals:
  $ carillon dev --tasks ./tasks.js --port 6379
  $ carillon jobs add report.daily --cron '0 9 * * 1-5' --timezone Europe/Berlin

In production, as many of each as you like:
  $ export CARILLON_REDIS_URL=redis://user:password@redis.example:6379
  $ carillon coordinator
  $ carillon worker --tasks ./tasks.js --executor default:20

In operation:
  $ carillon jobs list
  $ carillon events --type job_error,job_missed
  $ carillon doctor

Environment: CARILLON_REDIS_URL (else REDIS_URL), CARILLON_PREFIX, CARILLON_JOB_STORE; the --help of each command has the others. Flags override them. An empty variable counts as not set.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 Redis not reached, 5 refused.`;

/**
 * The command line. Only commands that are named have their options and actions: of the others, `carillon --help` shows
 * the usage and the description, and none of their files is loaded.
 */
export async function buildProgram(io: Io, isNamed: (name: string) => boolean): Promise<Command> {
  const program = new Command('carillon')
    .description('A distributed job scheduler on Redis.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.say(text),
      writeErr: (text) => io.surroundings.stderr.write(text),
      outputError: (text, write) => write(inOneLine(text)),
    })
    .addHelpText('after', AFTER_HELP);
  for (const { name, usage, description, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (isNamed(name)) (await load())(command, io);
    // Never parsed, only shown: `[options]` is taken for an argument here.
    else if (usage !== undefined) command.arguments(usage);
  }
  return program;
}

/** Commander puts a suggestion on a line of its own. */
function inOneLine(text: string): string {
  return `carillon: ${text
    .replace(/^error: /, '')
    .replace(/^too many arguments for '(enqueue|add)'. Expected 1 .*/, `$& ${ARGUMENTS_HINT}`)
    .trim()
    .replace(/\s*\n\s*/g, ' ')}\n`;
}

/** Many expect to write the arguments of a task behind its name. */
const ARGUMENTS_HINT = `Give the task's arguments as a JSON array: --args '["eu", 2]'.`;

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
