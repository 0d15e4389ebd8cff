import { Lateness } from '../lateness.js';
import { answers } from './answers.js';

const { library, count } = JSON.parse(process.argv[2]);
/** Each timer fires once in this many seconds, always in the same second of them. */
const EVERY_S = 10;
const noop = new Lateness();

/** Records how late a timer of this second of ten is called: no library gives more than that. */
function called(second) {
  const now = Date.now();
  const since = now - second * 1_000;
  noop.add(((since % (EVERY_S * 1_000)) + EVERY_S * 1_000) % (EVERY_S * 1_000));
}

const LIBRARIES = {
  async carillon(timers) {
    const { Carillon, cron } = await import('carillon');
    const tasks = { noop: called };
    const carillon = new Carillon({ tasks, memory: true, executors: { default: { concurrency: 1_000 } } });
    await carillon.start();
    await carillon.addJobs(
      timers.map(({ second, pattern }, index) => ({
        id: `timer-${index}`,
        task: 'noop',
        args: [second],
        trigger: cron(pattern),
      })),
    );
  },
  async croner(timers) {
    const { Cron } = await import('croner');
    for (const { second, pattern } of timers) new Cron(pattern, () => called(second));
  },
  async 'node-cron'(timers) {
    const { schedule } = await import('node-cron');
    for (const { second, pattern } of timers) schedule(pattern, () => called(second));
  },
};

const timers = Array.from({ length: count }, (_, index) => {
  const second = index % EVERY_S;
  return { second, pattern: `${second}-59/${EVERY_S} * * * * *` };
});
await LIBRARIES[library](timers);
answers(library, () => ({ lateness: { noop: noop.take() } }));
