import { lateJob } from '../jobs.js';

/** One job goes and one comes while all others run. @param {import('../story.js').Show} show */
export async function changeJobs({ stage, narrator, grid, roster, start, end }) {
  const { scheduler } = stage;
  const job = lateJob(start + 17_000, end);
  roster.remove('audit', await stage.timed(() => scheduler.removeJob('audit')));
  roster.add(job, await stage.timed(() => scheduler.addJob({ id: job.id, ...job.spec })));
  narrator.act('4. Jobs change while everything runs');
  narrator.say(`The job audit is removed. The job ${job.id} is added: ${job.about}, first at 17 s.`);
  grid.head(['tick', 'report', 'quote', 'mail', 'slow', 'extra']);
}
