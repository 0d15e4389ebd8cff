import { z } from '@hono/zod-openapi';
import { type Route, route } from '../route.js';
import { finding, findingJson } from '../schemas/finding.js';
import { inStore } from './params.js';

/** A page asks again and again: looking at more jobs would take seconds. */
const MOST_JOBS = 10_000;

const diagnosed = route({
  method: 'get',
  path: '/v1/stores/{store}/doctor',
  operationId: 'diagnoseStore',
  summary: `What is wrong with the server and with a job store, and what to do: looks at ${MOST_JOBS} jobs at most`,
  right: 'read',
  subject: 'whole store',
  params: inStore,
  answers: {
    200: {
      description: 'findings, those of the server first, as `carillon doctor --json` has them',
      schema: z.strictObject({
        findings: z.array(finding),
        looked: z.int().openapi({ description: 'at how many jobs was looked' }),
      }),
    },
  },
  async handle({ params, caller, scheduler }) {
    const { findings, jobStores } = await scheduler.diagnose({ jobStores: [params.store], jobs: MOST_JOBS });
    const looked = jobStores[0]?.looked ?? 0;
    return { body: { findings: findings.map((one) => findingJson(one, caller)), looked } };
  },
});

export const doctorRoutes: readonly Route[] = [diagnosed];
