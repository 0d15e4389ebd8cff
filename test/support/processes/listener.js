// Listens to every event of the default job store from a given place on, and writes their ids to a file, in the order of arrival.
import { appendFileSync } from 'node:fs';
import { Scheduler } from '@carillon/core';
import { given, serve } from './serve.js';

const { file, sinceMs, sinceId, ...options } = given;
const scheduler = new Scheduler(options);
const hear = ({ eventId }) => appendFileSync(file, `${eventId}\n`);

await serve({
  id: 'listener',
  start: () => scheduler.addListener(hear, undefined, { since: sinceId ?? new Date(sinceMs) }),
  shutdown: () => scheduler.shutdown(),
  health: () => ({}),
});
