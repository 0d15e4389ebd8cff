import { firstJobs } from '../jobs.js';

/** @param {import('../story.js').Show} show */
export async function addFirstJobs({ stage, narrator, grid, rows, roster, start, end }) {
  const jobs = firstJobs(start, end);
  narrator.act('2. Jobs of every kind');
  for (const { id, trigger, about } of jobs) {
    narrator.line(`  ${narrator.paint('bold', id.padEnd(8))} ${trigger.padEnd(9)} ${about}`);
  }
  const added = await stage.timed(() => stage.scheduler.addJobs(jobs.map(({ id, spec }) => ({ id, ...spec }))));
  for (const job of jobs) roster.add(job, added);

  narrator.line();
  narrator.say('A row for each second shows the outcomes of fire times:');
  narrator.line('  ran A       worker A ran the task    ran ×3 AB   three times, on both workers');
  narrator.line('  ran A +2    that run also covers 2 older fire times (coalesced)');
  narrator.line('  skipped     the run before is not over (max_instances)');
  narrator.line('  missed      too late to be of use (misfire)');
  narrator.line();
  grid.head(jobs.map(({ id }) => id));
  rows.begin(start, () => stage.now());
}
