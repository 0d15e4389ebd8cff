import { NotQuarantinedError } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { etagOf } from '../preconditions.js';
import { type AnyScheduler, type Route, route } from '../route.js';
import { change, jobOrChange, plainChange } from '../schemas/change.js';
import { jobJson } from '../schemas/job.js';
import { quarantined, quarantinedJson } from '../schemas/quarantine.js';
import { dryRun, limit, reason } from '../schemas/scalars.js';
import { inStore, ofRecord } from './params.js';

const list = route({
  method: 'get',
  path: '/v1/stores/{store}/quarantine',
  operationId: 'listQuarantined',
  summary: 'Records that could not be read, by id; at most `limit`',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({ limit }),
  answers: { 200: { description: 'the records', schema: z.strictObject({ records: z.array(quarantined) }) } },
  async handle({ params, query, caller, scheduler }) {
    const records = await scheduler.getQuarantined({ jobStore: params.store, limit: query.limit });
    return { body: { records: records.map((one) => quarantinedJson(one, caller)) } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/stores/{store}/quarantine/{record}',
  operationId: 'getQuarantined',
  summary: 'A record in quarantine, unchanged',
  right: 'read',
  subject: 'whole store',
  params: ofRecord,
  answers: { 200: { description: 'the record', schema: quarantined } },
  handle: async ({ params, caller, scheduler }) => ({
    body: quarantinedJson(await existing(scheduler, params), caller),
  }),
});

const restore = route({
  method: 'post',
  path: '/v1/stores/{store}/quarantine/{record}/restore',
  operationId: 'restoreQuarantined',
  summary: 'Restores a job that can be read now, with its old due time',
  right: 'administer',
  subject: 'whole store',
  params: ofRecord,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ reason }),
  answers: { 200: { description: 'the job; of a dry run, what would change', schema: jobOrChange } },
  async handle({ params, query, caller, scheduler }) {
    if (query.dryRun === 'true') {
      const { id, restorable, why } = await existing(scheduler, params);
      return plainChange({ id, restorable, why }, restorable ? { id } : null);
    }
    const job = await scheduler.restoreQuarantined(params.record, { jobStore: params.store });
    return { body: jobJson(job, caller), headers: etagOf(job) };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/stores/{store}/quarantine/{record}',
  operationId: 'removeQuarantined',
  summary: 'Deletes a record in quarantine',
  right: 'administer',
  subject: 'whole store',
  params: ofRecord,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ reason }),
  answers: {
    204: { description: 'it is removed' },
    200: { description: 'of a dry run, what would change', schema: change },
  },
  async handle({ params, query, scheduler }) {
    if (query.dryRun === 'true') {
      const { id, restorable, why } = await existing(scheduler, params);
      return plainChange({ id, restorable, why }, null);
    }
    await scheduler.removeQuarantined(params.record, { jobStore: params.store });
    return {};
  },
});

/** @throws NotQuarantinedError */
async function existing(
  scheduler: AnyScheduler,
  { store: jobStore, record: id }: { readonly store: string; readonly record: string },
) {
  const [found] = await scheduler.getQuarantined({ jobStore, id });
  if (!found) throw new NotQuarantinedError(id, jobStore);
  return found;
}

export const quarantineRoutes: readonly Route[] = [list, get, restore, remove];
