// What a program in any language does: PSUBSCRIBE to a job store's events and read JSON. No Carillon on this side.

import { Carillon, date } from 'carillon';
import { Redis } from 'ioredis';

const url = process.env.REDIS_URL ?? 'redis://localhost:6379';
const prefix = process.env.CARILLON_PREFIX ?? 'carillon';

const subscriber = new Redis(url);
await subscriber.psubscribe(`{${prefix}:default}:events:*`);
const settled = new Promise((resolve) => {
  subscriber.on('pmessage', (_pattern, _channel, message) => {
    const { type, seq, at, jobId } = JSON.parse(message);
    console.log(`${new Date(at).toISOString()} ${type} #${seq} ${jobId ?? ''}`);
    if (type === 'job_executed') resolve();
  });
});

const carillon = new Carillon({ redis: url, prefix, tasks: { once: () => 'done' } });
await carillon.start();
await carillon.addJob({ id: 'soon', task: 'once', trigger: date(new Date(Date.now() + 100)) });

await settled;
await carillon.shutdown();
subscriber.disconnect();
