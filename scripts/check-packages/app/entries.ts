// Compiled with skipLibCheck false: declarations must not need a library that is not installed, and nothing may be `any` for lack of one.

import * as console_ from '@carillon/console';
import * as consoleNode from '@carillon/console/node';
import * as coordinator from '@carillon/coordinator';
import * as core from '@carillon/core';
import * as internal from '@carillon/core/internal';
import * as memory from '@carillon/core/memory';
import * as redis from '@carillon/redis';
import * as worker from '@carillon/worker';
import * as workerTesting from '@carillon/worker/testing';
import * as carillon from 'carillon';
import * as alerts from 'carillon/alerts';
import * as localRedis from 'carillon/local-redis';
import * as metrics from 'carillon/metrics';
import * as nodeCron from 'carillon/node-cron';
import * as opentelemetry from 'carillon/opentelemetry';
import * as testing from 'carillon/testing';

for (const entry of [coordinator, core, internal, memory, redis, worker, workerTesting, console_, consoleNode])
  expectExports(entry);
for (const entry of [carillon, alerts, localRedis, metrics, nodeCron, opentelemetry, testing]) expectExports(entry);

function expectExports(entry: object): void {
  if (Object.keys(entry).length === 0) throw new Error('an entry exports nothing');
}

// @ts-expect-error: not a trigger
export const trigger: core.Trigger = 5;
// @ts-expect-error: an event has a type that there is
export const event: Pick<core.CarillonEvent, 'type'> = { type: 'none' };
// @ts-expect-error: its patterns are texts
export const silence: Pick<alerts.Silence, 'rule'> = { rule: [5] };
// @ts-expect-error: a right that there is not
export const identity: console_.Identity = { actor: 'check', rights: ['none'] };
// @ts-expect-error: a schema of texts
export const schema: typeof internal.aliasSchema = internal.argsSchema;
