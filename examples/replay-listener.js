// A listener that misses nothing: it goes on where it was, however long it was away.
import { Carillon, interval, Scheduler } from 'carillon';

const place = { redis: process.env.REDIS_URL ?? 'redis://localhost:6379', prefix: process.env.CARILLON_PREFIX };
const carillon = new Carillon({ ...place, tasks: { tick: () => {} } });
await carillon.start();
const startedAt = new Date(Date.now() - 60_000);
await carillon.addJob({ id: 'tick', task: 'tick', trigger: interval('50ms'), coalesce: false });

/** Receives five events from a place on, and returns the last one's id: where to continue. */
async function hearFive(since) {
  const scheduler = new Scheduler(place);
  const heard = [];
  await new Promise((resolve, reject) => {
    const listener = async (event) => {
      // It is called with one event after the other: the next one waits until this has been dealt with.
      if (heard.push(event) === 5) resolve();
    };
    scheduler.addListener(listener, ['job_executed'], { since }).catch(reject);
  });
  await scheduler.shutdown();
  console.log(`heard ${heard.slice(0, 5).map(({ seq }) => seq)}`);
  return heard[4].eventId;
}

// From a time on; by the clock of Redis.
let last = await hearFive(startedAt);
// Away for a while: what happens meanwhile is in the job store's log, the last 20,000 events or so.
await new Promise((resolve) => setTimeout(resolve, 500));
last = await hearFive(last);
await hearFive(last);

await carillon.removeJob('tick');
await carillon.shutdown();
