import { setTimeout as delay } from 'node:timers/promises';
import { interval } from '@carillon/core';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { BACK, LOST, RecordedLog, STILL_GONE } from '../support/outages.js';

const EMPTIED = /^Redis has forgotten a job store/;

test('a Redis that is gone for 12 s, while jobs fire and runs are at work, is one line, one each 10 s, and one when it is back', async () => {
  const first = await startRedis();
  const log = new RecordedLog();
  let ticks = 0;
  const tasks = { tick: () => ++ticks, long: () => delay(20_000, undefined, { ref: false }) };
  const carillon = new Carillon({ redis: first.url, logger: log.logger, tasks });
  onTestFinished(() => carillon.shutdown({ timeout: 0 }));
  await carillon.start();
  await carillon.addJob({ task: 'tick', trigger: interval({ milliseconds: 200 }) });
  for (let run = 0; run < 3; run++) await carillon.enqueue('long');
  await eventually(() => expect(ticks).toBeGreaterThan(3));

  await first.stop();
  await delay(12_000);
  const second = await startRedis({ port: Number(new URL(first.url).port) });
  onTestFinished(() => second.stop());
  await eventually(() => expect(log.messages).toContain(BACK));
  // All that had begun before has failed by this time, if it fails.
  await delay(3_000);
  const said = log.messages.filter((message) => !EMPTIED.test(message));
  const goneMs = log.lines.find(({ msg }) => msg === BACK)?.goneMs ?? 0;
  const still = Array.from({ length: Math.floor(goneMs / 10_000) }, () => STILL_GONE);
  expect(still).not.toEqual([]);
  expect(said, JSON.stringify(log.lines)).toEqual([LOST, ...still, BACK]);
  expect(log.hasStacks).toBe(false);
});
