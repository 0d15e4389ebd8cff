import { z } from '@hono/zod-openapi';
import { type Route, route } from '../route.js';
import { forecast } from '../schemas/forecast.js';
import { instantWithOffset } from '../schemas/scalars.js';
import { dateOf, inStore } from './params.js';

const forecasted = route({
  method: 'get',
  path: '/v1/stores/{store}/forecast',
  operationId: 'forecast',
  summary: 'The coming fires, and the slots that they take: by minutes or hours, by executor',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({
    from: instantWithOffset.optional().openapi({ description: 'left out: the present' }),
    to: instantWithOffset.optional().openapi({ description: 'left out: 24 hours later; at most 10,080 steps' }),
    by: z.enum(['minute', 'hour']).default('minute'),
    executor: z.string().optional(),
    worst: z.coerce.number().int().min(0).max(100).default(10).openapi({ description: 'how many steps are named' }),
  }),
  answers: { 200: { description: 'the forecast', schema: forecast } },
  async handle({ params, query, scheduler }) {
    const { from, to, ...others } = query;
    return {
      body: await scheduler.forecast({ ...others, jobStore: params.store, from: dateOf(from), to: dateOf(to) }),
    };
  },
});

export const forecastRoutes: readonly Route[] = [forecasted];
