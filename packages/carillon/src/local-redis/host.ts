import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** The facts of the machine and the caller on which the choice of a way depends. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly root: boolean;
  /** Whether there is a terminal with a user to ask. */
  readonly terminal: boolean;
  readonly ask: (question: string) => Promise<boolean>;
  readonly log: (line: string) => void;
}

export function thisHost(options: { env?: NodeJS.ProcessEnv; log?: (line: string) => void }): Host {
  return {
    env: options.env ?? process.env,
    root: process.getuid?.() === 0,
    terminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
    ask,
    log: options.log ?? ((line) => process.stderr.write(`${line}\n`)),
  };
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close it; some versions of Node.js then reject the question, some leave it open.
  const closed = once(terminal, 'close').then(() => 'no');
  const answered = terminal.question(`${question} [y/N] `).catch(() => 'no');
  try {
    return /^y(es)?$/i.test((await Promise.race([answered, closed])).trim());
  } finally {
    terminal.close();
  }
}
