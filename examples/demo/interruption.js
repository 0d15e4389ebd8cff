const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** The user wants the demo to end. */
export class Interruption extends Error {
  /** @param {keyof typeof EXIT_CODES} signal */
  constructor(signal) {
    super(`ended by ${signal}`);
    this.exitCode = EXIT_CODES[signal];
  }
}

/** Rejects when the demo is to end early: Ctrl-C, a signal, or no program reads its output any more. */
export function interrupted() {
  return new Promise((_, reject) => {
    for (const signal of Object.keys(EXIT_CODES)) process.on(signal, () => reject(new Interruption(signal)));
    process.stdout.on('error', () => reject(new Interruption('SIGHUP')));
  });
}
