import { z } from 'zod';
import { type CronTrigger, cronSchema } from './cron.js';
import { type DateTrigger, dateSchema } from './date.js';
import { type IntervalTrigger, intervalSchema } from './interval.js';

/** When a job fires: frozen plain data, exactly its JSON form. Made by `date`, `interval` and `cron`. */
export type Trigger = DateTrigger | IntervalTrigger | CronTrigger;

/** The form of every trigger. That an expression can be read and a zone exists is for `compileTrigger` to say. */
export const triggerSchema = z.discriminatedUnion('type', [dateSchema, intervalSchema, cronSchema], {
  error: 'is not a trigger; make one with date(), interval() or cron()',
}) satisfies z.ZodType<Trigger>;
