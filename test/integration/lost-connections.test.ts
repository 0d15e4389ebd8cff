import { Scheduler } from '@carillon/core';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { Door } from '../support/door.js';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';

async function doorToRedis(): Promise<Door> {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const door = new Door(Number(new URL(redis.url).port));
  onTestFinished(() => door.shut());
  await door.open();
  return door;
}

test('a listener hears on where the connection is lost again just as it comes back', async () => {
  const door = await doorToRedis();
  // What nobody waits for and fails would end the process: vitest tells of it.
  const scheduler = new Scheduler({ redis: door.url, logger: silent });
  onTestFinished(() => scheduler.shutdown());
  let heard = 0;
  await scheduler.addListener(() => heard++, ['scheduler_paused']);
  await scheduler.pause();
  await eventually(() => expect(heard).toBe(1));

  const lostAgain = new Promise<void>((resolve) => {
    door.onRequest = (sent) => {
      if (!/^subscribe$/im.test(sent.toString())) return true;
      door.onRequest = () => {};
      void door.shut().then(resolve);
      return false;
    };
  });
  door.cut();
  await lostAgain;
  // It gives up what it was to send once it could not connect twice.
  await eventually(() => expect(scheduler.pause()).rejects.toThrow('did not answer'));
  await door.open();
  await eventually(async () => {
    await scheduler.resume();
    await scheduler.pause();
    expect(heard).toBeGreaterThan(1);
  });
});
