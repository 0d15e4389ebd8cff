import { seconds, start } from './cluster.js';
import { latenessOf } from './lateness.js';

/** The number of cron timers in one process without Redis. A tenth of them is due in each second. */
const TIMERS = 1_000;

/** Measures how late timers in the memory of one process are, and their cost, for Carillon, croner and node-cron in turn. */
export async function memory({ quick }) {
  const [warmS, forS] = quick ? [1, 2] : [5, 30];
  const timers = [];
  for (const library of ['carillon', 'croner', 'node-cron']) timers.push(await measured(library, warmS, forS));
  return { timers };
}

async function measured(library, warmS, forS) {
  const member = await start('timers.js', { library, count: TIMERS });
  try {
    await seconds(warmS);
    const before = await member.ask();
    await seconds(forS);
    const after = await member.ask();
    const { count, ...late } = latenessOf(after.lateness.noop);
    const s = (after.at - before.at) / 1_000;
    return {
      library,
      timers: TIMERS,
      callsPerSecond: Math.round(count / s),
      ...late,
      cpuMsPerSecond: Math.round((after.cpuMs - before.cpuMs) / s),
      rssMiB: Math.round(after.rss / 2 ** 20),
    };
  } finally {
    await member.stop();
  }
}
