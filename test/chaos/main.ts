import { chaos } from './chaos.js';
import { chaosOptions, USAGE, WrongOptions } from './options.js';
import { report } from './report.js';

/** Runs chaos from the command line. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = chaosOptions(args);
    const say = (line: string) => console.log(line);
    say(`seed ${options.seed}: ${options.jobs} jobs every ${options.everyMs} ms, appendfsync ${options.fsync}`);
    const result = await chaos(options, say, interruption());
    for (const line of report(result)) say(line);
    return result.violations.length > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof WrongOptions) {
      console.error(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    console.error(error instanceof Interrupted ? error.message : error);
    // Does not wait for steps under way: processes that they may still start end with this one.
    if (error instanceof Interrupted) process.exit(1);
    return 1;
  }
}

class Interrupted extends Error {}

function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Interrupted(`stopped by ${signal}`)));
    }
  });
}
