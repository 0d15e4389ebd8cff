// Checks that packages share their classes, and find the files that they load by place. It needs no Redis.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConsole } from '@carillon/console';
import { Coordinator } from '@carillon/coordinator';
import * as core from '@carillon/core';
import { Worker } from '@carillon/worker';
import * as carillon from 'carillon';
import { schedule } from 'carillon/node-cron';
import { pino } from 'pino';

/** @throws AssertionError if an error is from another copy of core, or its class was renamed. */
function refuses(start) {
  assert.throws(start, (error) => {
    assert.ok(error instanceof core.InvalidOptionsError, error.stack);
    assert.equal(error.constructor.name, 'InvalidOptionsError');
    return true;
  });
}

const ofCarillon = new Map(Object.entries(carillon));
for (const [name, exported] of Object.entries(core)) {
  if (ofCarillon.has(name)) assert.equal(ofCarillon.get(name), exported, `carillon has a ${name} of its own`);
}
refuses(() => new core.Scheduler({ redis: 5 }));
refuses(() => new Coordinator({ redis: 5 }));
refuses(() => new Worker({ redis: 5, tasks: {} }));
refuses(() => new carillon.Carillon({ tasks: 5 }));
// Compares only addresses, and connects to nothing: the package for Redis throws errors of the one core.
refuses(() => new core.Scheduler({ redis: 'no address' }));

const scheduler = new carillon.Carillon({
  ...(await carillon.loadTasks(new URL('./tasks.js', import.meta.url))),
  taskFile: new URL('./tasks.js', import.meta.url),
  executors: { default: {}, threads: { kind: 'thread' }, processes: { kind: 'process' } },
  logger: pino({ level: 'silent' }),
});
await scheduler.start();
for (const executor of ['threads', 'processes']) {
  const run = await scheduler.enqueue('place', [], { executor });
  const { runId, isThread, pid } = await run.result({ timeout: '2m' });
  assert.deepEqual([runId, isThread, pid === process.pid], [run.runId, executor === 'threads', executor === 'threads']);
}

const { fetch, close } = createConsole({ scheduler, auth: () => ({ actor: 'check', role: 'admin' }) });
const ask = (path, init) => fetch(new Request(`http://localhost${path}`, init));
assert.match(await (await ask('/')).text(), /<script type="module"/);
const { paths } = await (await ask('/openapi.json')).json();
assert.ok(Object.keys(paths).length > 20, `${Object.keys(paths)}`);
const body = JSON.stringify({ task: 5 });
const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
const refused = await ask('/v1/stores/default/jobs', { method: 'POST', body, headers });
assert.equal(refused.status, 400, await refused.clone().text());
assert.match((await refused.json()).detail, /expected string/);
await close();
await scheduler.shutdown();

const background = schedule('* * * * * *', './background.js');
const [{ execution }] = await Promise.race([
  once(background, 'execution:finished'),
  once(background, 'execution:failed'),
]);
assert.notEqual(execution.result ?? process.pid, process.pid);
await background.destroy();
process.exit();
