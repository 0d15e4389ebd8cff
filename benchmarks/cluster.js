import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of a benchmark that has reported that it is ready. */
class Member {
  #child;

  constructor(child, id) {
    this.#child = child;
    this.id = id;
  }

  /** Returns its figures: those of its program, `at` (ms of a steady clock), `cpuMs` since it began, and `rss`, bytes. */
  async ask() {
    this.#child.send('report');
    return await answer(this.#child);
  }

  async stop(signal = 'SIGKILL') {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}

/** Starts one of the programs in `processes/` and waits until it is ready. */
export async function start(program, place, execPath = process.execPath) {
  const file = fileURLToPath(new URL(`processes/${program}`, import.meta.url));
  const child = fork(file, [JSON.stringify(place)], { execPath, execArgv: [] });
  const { ready } = await answer(child);
  return new Member(child, ready);
}

async function answer(child) {
  const answered = new AbortController();
  const ended = once(child, 'exit', answered).then(([code, signal]) => {
    throw new Error(`a process of the benchmark ended (${code ?? signal}) before its answer`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', answered), ended]);
    return message;
  } finally {
    ended.catch(() => {});
    answered.abort();
  }
}

export const seconds = (s) => new Promise((resolve) => setTimeout(resolve, s * 1_000));

/** Resolves at this instant, ms. */
export const until = (at) => seconds(Math.max(0, at - Date.now()) / 1_000);

let prefixes = 0;
export const ownPrefix = () => `bench-${process.pid}-${prefixes++}`;
