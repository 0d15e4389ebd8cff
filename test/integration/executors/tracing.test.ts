import { pathToFileURL } from 'node:url';
import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { loadTasks, Worker } from '@carillon/worker';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { tracing } from 'carillon/opentelemetry';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';
import { programFile } from '../../support/server-process.js';

const TASKS = new URL('../../support/processes/traced-tasks.js', import.meta.url);

function sdk() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(() => {
    context.disable();
    propagation.disable();
  });
  const spans = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
  return { provider, spans };
}

async function cluster(kind: 'async' | 'thread' | 'process', telemetry?: ReturnType<typeof tracing>) {
  const memory = new MemoryCluster();
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const scheduler = new Scheduler({ backend: memory.connect(), logger: silent, telemetry });
  const coordinator = new Coordinator({ backend: memory.connect(), logger: silent });
  const taskFile = kind === 'async' ? TASKS : pathToFileURL(programFile('traced-tasks'));
  const place = { backend: memory.connect(), logger, telemetry };
  const executors = { x: { kind } };
  const worker = new Worker({ ...place, ...(await loadTasks(TASKS)), taskFile, executors });
  onTestFinished(async () => {
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  const logged = (msg: string) => lines.find((line) => line.msg === msg);
  return { logged, scheduler, start: () => Promise.all([coordinator.start(), worker.start()]) };
}

test.each(['async', 'thread', 'process'] as const)(
  'a task run as %s knows the trace of its run; so do its logs, and what it asks for goes on with it',
  async (kind) => {
    const { provider, spans } = sdk();
    const { scheduler, logged, start } = await cluster(kind, tracing({ provider }));
    await start();
    const run = await scheduler.enqueue('chain', [], { executor: 'x' });
    const trace = (await run.result({ timeout: '2m' })) as { readonly traceparent: string };
    await eventually(() => expect(spans('run leaf')).toHaveLength(1));
    const [chain] = spans('run chain');
    const [leaf] = spans('run leaf');
    const { traceId, spanId } = chain?.spanContext() ?? {};
    expect(trace.traceparent).toBe(`00-${traceId}-${spanId}-01`);
    expect(logged('chaining')).toMatchObject({ runId: run.runId, trace_id: traceId, span_id: spanId });
    expect(logged('leaf')).toMatchObject({ trace_id: traceId, span_id: leaf?.spanContext().spanId });
    expect(leaf?.spanContext().traceId).toBe(traceId);
    // In a thread or process, nothing makes a span of the call that enqueued it.
    const [enqueued] = spans('enqueue leaf');
    const parent = kind === 'async' ? enqueued?.spanContext().spanId : spanId;
    expect(leaf?.parentSpanContext?.spanId).toBe(parent);
  },
);

test('without telemetry there is no trace', async () => {
  const { scheduler, start } = await cluster('thread');
  await start();
  const run = await scheduler.enqueue('leaf', [], { executor: 'x' });
  expect(await run.result({ timeout: '2m' })).toBeNull();
});
