import type { MessagePort } from 'node:worker_threads';
import type { TraceContext } from '@carillon/core';
import type { ErrorInfo, RunPayload } from '@carillon/core/internal';
import { z } from 'zod';
import type { ResourceLimits } from '../resources.js';
import { STORE_METHODS } from '../run-calls.js';

/** The data of a call, for a thread or child process. */
export interface InsideCall {
  /** Part of all messages about the call: a child process has one channel for all its calls. */
  readonly callId: number;
  /** URL of the module that exports the tasks. */
  readonly taskFile: string;
  readonly payload: RunPayload;
  readonly run: {
    readonly runId: string;
    readonly executionId: string;
    readonly jobId: string | null;
    readonly jobStore: string;
    /** ms */
    readonly scheduledRunTime: number;
    readonly attempt: number;
    readonly trace: TraceContext | null;
  };
  readonly logLevel: string;
  /** How long the module may take to load, ms. */
  readonly loadMs: number;
  /** How long its `setup` and `teardown` may take. */
  readonly limits: ResourceLimits;
}

/**
 * What a pool hands over: a call, with the channel out of a thread, or the order to close the resources of tasks, which returns why
 * that failed.
 */
export type InsideOrder =
  | { readonly call: InsideCall; readonly port?: MessagePort }
  | { readonly call?: undefined; readonly teardown: true };

/** `abort` aborts the signal of the call. `answer` is the reply of the job store to the request with this `id`. */
export type InwardMessage = { readonly callId: number } & (
  | { readonly abort: ErrorInfo; readonly answer?: undefined }
  | { readonly answer: StoreAnswer; readonly abort?: undefined }
);

export type StoreAnswer = { readonly id: number } & (
  | { readonly json: string; readonly error?: undefined }
  | { readonly error: ErrorInfo; readonly json?: undefined }
);

const about = { callId: z.int() };
const errorSchema = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  stack: z.string().optional(),
});

const steeringSchema = z.object({
  names: z.array(z.string()),
  unrecoverable: z.boolean(),
  retryAt: z.number().nullable(),
});

/** Messages that come out. A task may send messages of its own: this schema recognizes ours. */
export const outwardSchema = z.discriminatedUnion('kind', [
  /** The call has arrived; `place` is the thread's or the process's id. */
  z.object({ ...about, kind: z.literal('arrived'), place: z.int() }),
  /** The tasks are loaded, and their resources are opened next. `schemas`: prints of their schemas, once in each place. */
  z.object({ ...about, kind: z.literal('loaded'), schemas: z.record(z.string(), z.string()).optional() }),
  /** The resources of the tasks are open; `hasTeardown` says whether they have to be closed. */
  z.object({ ...about, kind: z.literal('open'), hasTeardown: z.boolean() }),
  /** The task is called next. */
  z.object({ ...about, kind: z.literal('begun') }),
  z.object({ ...about, kind: z.literal('log'), line: z.string() }),
  z.object({ ...about, kind: z.literal('progress'), json: z.string() }),
  /** Asks the job store of the run; `json` is the parameter. */
  z.object({ ...about, kind: z.literal('store'), id: z.int(), method: z.enum(STORE_METHODS), json: z.string() }),
  z.object({
    ...about,
    kind: z.literal('ended'),
    outcome: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('executed'), json: z.string() }),
      z.object({ outcome: z.literal('error'), error: errorSchema, steering: steeringSchema }),
    ]),
  }),
]);

export type OutwardMessage = z.output<typeof outwardSchema>;
