// Adds and enqueues; knows the tasks by name only.
import { interval, Scheduler } from '@carillon/core';

const scheduler = new Scheduler({ redis: process.env.REDIS_URL, prefix: process.env.CARILLON_PREFIX });
await scheduler.start();

const addressees = new Set();
let done;
const sent = new Promise((resolve) => {
  done = resolve;
});
await scheduler.addListener(
  ({ value }) => {
    console.log(`producer: sent to ${value.to}: ${value.subject}`);
    addressees.add(value.to);
    if (addressees.size === 2) done();
  },
  ['job_executed'],
);
await scheduler.addJob({
  id: 'newsletter',
  task: 'mail.send',
  args: ['everybody@example.org', { subject: 'News' }],
  trigger: interval('1s'),
  replaceExisting: true,
});
await scheduler.enqueue('mail.send', ['you@example.org', { subject: 'Welcome' }]);

await sent;
await scheduler.removeJob('newsletter');
await scheduler.shutdown();
