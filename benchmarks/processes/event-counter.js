import { Redis } from 'ioredis';
import { answers } from './answers.js';

const { redis, channels, task, everyMs } = JSON.parse(process.argv[2]);
const types = ['job_submitted', 'job_missed', 'job_max_instances', 'job_error', 'job_cancelled'];

/** Fire times of this task that were not executed, by outcome; its jobs fire each `everyMs`. */
const fires = { coalesced: 0, missed: 0, maxInstances: 0, error: 0, cancelled: 0 };
const seqs = {};
const between = ({ first, last }) => (last - first) / everyMs + 1;

const outcomes = {
  job_submitted: ({ coalesced }) => {
    fires.coalesced += between(coalesced);
  },
  job_missed: (event) => {
    fires.missed += between(event);
  },
  job_max_instances: ({ scheduledRunTimes, coalesced }) => {
    fires.maxInstances += scheduledRunTimes.length;
    if (coalesced) fires.coalesced += between(coalesced);
  },
  job_error: () => fires.error++,
  job_cancelled: () => fires.cancelled++,
};

const client = new Redis(redis);
client.on('message', (channel, message) => {
  const type = channel.slice(channel.lastIndexOf(':') + 1);
  number(type, Number(/"seq":(\d+)/.exec(message)[1]));
  // Most events say nothing more, and are not parsed.
  if (type === 'job_submitted' && message.includes('"coalesced":null')) return;
  const event = JSON.parse(message);
  if (event.task === task) outcomes[type](event);
});
await client.subscribe(...types.map((type) => `${channels}${type}`));

/** Returns how many events did not arrive: they are numbered without a gap. */
const lost = () => Object.values(seqs).reduce((sum, { first, last, count }) => sum + last - first + 1 - count, 0);
answers('counter', () => ({ fires, lost: lost() }));

function number(type, seq) {
  const { first, count } = seqs[type] ?? { first: seq, count: 0 };
  seqs[type] = { first, last: seq, count: count + 1 };
}
