import { startAll } from './set-up.js';

const IDLE_MS = 5_000;

/** All down, all up. @param {import('../story.js').Show} show */
export async function restartEverything({ stage, narrator, observer, grid, rows, start }) {
  const { cluster, redis } = stage;
  narrator.act('5. Everything is restarted');
  narrator.say('All four processes are asked to end (SIGTERM). Workers finish the task that they are at.');
  const downAt = stage.now();
  await cluster.shutdown();
  await observer.until(() => observer.isIdle, IDLE_MS);
  rows.end();
  await stage.scheduler.shutdown();
  if (redis.restart) await redis.restart();
  const what = redis.restart
    ? 'All are down; so was Redis, which has read its file again'
    : 'All are down (Redis is yours and stays up)';

  const scheduler = await stage.connect();
  await observer.listen(scheduler);
  const { jobs } = await scheduler.getJobs();
  const overdue = jobs.filter(({ nextRunTime }) => nextRunTime && nextRunTime.getTime() <= stage.now()).length;
  const names = jobs.map(({ id }) => id).join(', ');
  narrator.say(`${what}. Redis holds ${jobs.length} jobs, ${overdue} of them overdue by now: ${names}.`);

  await stage.unlessFailed(startAll(cluster));
  const seconds = ((stage.now() - downAt) / 1_000).toFixed(1);
  narrator.say(
    `Four new processes are up, ${seconds} s after the old ones were asked to end. They fire on, beginning with what is owed.`,
  );
  grid.head(['tick', 'report', 'quote', 'mail', 'slow', 'extra']);
  rows.begin(start, () => stage.now());
}
