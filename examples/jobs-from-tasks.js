// A task enqueues runs and adds jobs itself, through the worker that runs it. It works alike in threads and child processes.
import { Carillon, currentRun, date } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  tasks: {
    'order.place': async (order, mails) => {
      const { scheduler, executionId } = currentRun();
      for (const [index, to] of mails.entries()) {
        // Where this task is executed again, after its worker died, nothing is enqueued twice.
        await scheduler.enqueue('mail.send', [to], { dedupe: { key: `${executionId}:${index}`, for: '1d' } });
      }
      const tomorrow = new Date(Date.now() + 86_400_000);
      const job = await scheduler.addJob({
        id: `review-${order}`,
        task: 'mail.send',
        args: ['review'],
        trigger: date(tomorrow),
        replaceExisting: true,
      });
      console.log(`the job ${job.id} is added`);
    },
    'mail.send': (to) => console.log(`mail to ${to}`),
  },
});
await carillon.start();
let sent = 0;
let end;
const done = new Promise((resolve) => {
  end = resolve;
});
await carillon.addListener(() => ++sent === 3 && end(), ['job_executed']);
await carillon.enqueue('order.place', [7, ['ann@example.org', 'bob@example.org']]);
await done;
const job = await carillon.getJob('review-7');
console.log(`it is there: ${job.task}`);
await job.remove();

await carillon.shutdown();
