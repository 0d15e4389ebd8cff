import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts one of the programs in `processes/` and waits until it is ready. */
export async function start(program, place) {
  const child = fork(fileURLToPath(new URL(`processes/${program}.js`, import.meta.url)), [JSON.stringify(place)]);
  const [{ ready }] = await once(child, 'message');
  return { id: ready, child };
}

/** Asks a process for its figures. */
export async function ask({ child }) {
  child.send('tell');
  const [answer] = await once(child, 'message');
  return answer;
}

export async function stop({ child }, signal = 'SIGKILL') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

export const seconds = (s) => new Promise((resolve) => setTimeout(resolve, s * 1_000));

let prefixes = 0;
export const ownPrefix = () => `bench-${process.pid}-${prefixes++}`;
