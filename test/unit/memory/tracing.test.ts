import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler, type Telemetry } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
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

const START = new Date('2026-01-01T00:00:00Z');
const untraced = pino({ level: 'silent' });

/** The SDK as users set it up. It keeps its spans in memory. */
function sdk() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(() => {
    context.disable();
    propagation.disable();
  });
  const named = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
  return { provider, named, tracer: provider.getTracer('test') };
}

const tasks = {
  greet: async (name: string) => {
    currentRun().logger.info('greeting');
    await null;
    return `${name} in ${trace.getActiveSpan()?.spanContext().traceId}`;
  },
  chain: async () => {
    await currentRun().scheduler.enqueue('greet', ['chained']);
  },
  break: () => {
    throw Object.assign(new TypeError('broken'), { code: 'E_BROKEN' });
  },
};

async function cluster(telemetry?: Telemetry | readonly Telemetry[]) {
  const clock = new VirtualClock(START);
  const memory = new MemoryCluster({ clock });
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const scheduler = new Scheduler<typeof tasks>({ backend: memory.connect(), logger: untraced, telemetry });
  const coordinator = new Coordinator({ backend: memory.connect(), logger: untraced, telemetry });
  const worker = new Worker({ backend: memory.connect(), logger, tasks, telemetry });
  await Promise.all([coordinator.start(), worker.start()]);
  onTestFinished(async () => {
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  const logged = () => lines.filter(({ msg }) => msg === 'greeting');
  return { clock, scheduler, logged };
}

const ids = (span: ReadableSpan | undefined) => span?.spanContext();
const linksOf = (span: ReadableSpan | undefined) => span?.links.map(({ context }) => context.spanId);

test('an enqueued run goes on with the trace of its caller, also through the task that did; its logs say so', async () => {
  const { provider, named, tracer } = sdk();
  const { clock, scheduler, logged } = await cluster(tracing({ provider }));
  const request = tracer.startSpan('request');
  const run = await context.with(trace.setSpan(context.active(), request), () => scheduler.enqueue('greet', ['ann']));
  await context.with(trace.setSpan(context.active(), request), () => scheduler.enqueue('chain'));
  request.end();
  await clock.advance('1s');

  const { traceId, spanId } = request.spanContext();
  expect(await run.result()).toBe(`ann in ${traceId}`);
  const [sent] = named('enqueue greet');
  expect(sent).toMatchObject({ kind: SpanKind.PRODUCER, parentSpanContext: { spanId } });
  expect(sent?.attributes).toEqual({
    'messaging.system': 'carillon',
    'messaging.operation.name': 'enqueue',
    'messaging.operation.type': 'send',
    'messaging.destination.name': 'default',
    'messaging.message.id': run.runId,
    'carillon.job_store': 'default',
    'carillon.task': 'greet',
  });
  const [ran, chained] = named('run greet');
  expect(ran).toMatchObject({ kind: SpanKind.CONSUMER, parentSpanContext: { spanId: ids(sent)?.spanId }, links: [] });
  expect(ran?.attributes).toMatchObject({
    'messaging.operation.type': 'process',
    'messaging.message.id': run.runId,
    'faas.trigger': 'pubsub',
    'faas.time': START.toISOString(),
    'carillon.attempt': 1,
    'carillon.outcome': 'executed',
  });
  // Through a task: request, enqueue chain, run chain, enqueue greet, run greet.
  const inTask = named('enqueue greet')[1];
  expect(inTask).toMatchObject({ parentSpanContext: { spanId: ids(named('run chain')[0])?.spanId } });
  expect(chained).toMatchObject({ parentSpanContext: { spanId: ids(inTask)?.spanId } });
  expect([ids(ran)?.traceId, ids(chained)?.traceId]).toEqual([traceId, traceId]);
  expect(logged()).toMatchObject([
    { runId: run.runId, trace_id: traceId, span_id: ids(ran)?.spanId, trace_flags: '01' },
    { trace_id: traceId, span_id: ids(chained)?.spanId },
  ]);
});

test('a run of a job begins a trace, linked to the call that added the job, then to the one that changed it', async () => {
  const { provider, named } = sdk();
  const { clock, scheduler } = await cluster(tracing({ provider }));
  const spec = { id: 'job', task: 'greet', args: ['bob'], trigger: interval('1m'), replaceExisting: true } as const;
  await scheduler.addJob({ ...spec, args: ['bob'] });
  await clock.advance('61s');
  // Adding the job again without a change has no effect.
  await scheduler.addJob({ ...spec, args: ['bob'] });
  await clock.advance('60s');
  await scheduler.modifyJob('job', { timeout: '1m' });
  await clock.advance('60s');
  const asked = await scheduler.runJob('job');
  await clock.advance('1s');

  const [added] = named('addJob greet');
  const [modified] = named('modifyJob job');
  const [ranNow] = named('runJob job');
  const runs = named('run greet');
  const expected = [added, added, modified, ranNow].map((span) => ids(span)?.spanId);
  expect(runs.map((run) => linksOf(run)?.[0])).toEqual(expected);
  expect(expected.every((id) => id !== undefined)).toBe(true);
  expect(runs.map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined, undefined, undefined]);
  expect(new Set([added, modified, ranNow, ...runs].map((span) => ids(span)?.traceId)).size).toBe(7);
  expect(runs[0]?.attributes).toMatchObject({
    'carillon.job.id': 'job',
    'faas.trigger': 'timer',
    'faas.time': '2026-01-01T00:01:00.000Z',
  });
  expect(ranNow?.attributes['messaging.message.id']).toBe(asked.runId);

  // The leader's part begins when the job is due, and has a trace of its own, too.
  const fires = named('fire greet');
  expect(fires.map((fire) => linksOf(fire)?.[0])).toEqual([added, added, modified].map((span) => ids(span)?.spanId));
  expect(fires.map(({ attributes }) => attributes['messaging.message.id'])).toEqual(
    runs.slice(0, 3).map(({ attributes }) => attributes['messaging.message.id']),
  );
  expect(fires[0]).toMatchObject({ kind: SpanKind.PRODUCER, parentSpanContext: undefined });
  expect(fires[0]?.startTime[0]).toBe(Date.parse('2026-01-01T00:01:00Z') / 1_000);
  expect(fires[0]?.attributes).toMatchObject({
    'messaging.operation.name': 'fire',
    'messaging.destination.name': 'default',
    'carillon.job.id': 'job',
    'faas.time': '2026-01-01T00:01:00.000Z',
  });
});

test('calls that change what is there have spans, which say of what', async () => {
  const { provider, named } = sdk();
  const { scheduler } = await cluster(tracing({ provider }));
  await scheduler.addJob({ id: 'job', task: 'greet', args: ['bob'], trigger: interval('1m') });
  await scheduler.pauseJob('job');
  await scheduler.resumeJob('job');
  const { runId } = await scheduler.enqueue('greet', ['late'], { delay: '1h' });
  await scheduler.cancelRun(runId);
  await scheduler.pause();
  await scheduler.resume();
  await scheduler.pauseJobs({ task: 'greet' }, { expected: 1 });
  await scheduler.removeJob('job');
  await scheduler.removeAllJobs();
  await scheduler.removeJob('job').catch(() => {});

  const common = { 'messaging.system': 'carillon', 'carillon.job_store': 'default' };
  const of = (name: string) => named(name).map(({ kind, attributes }) => ({ kind, attributes }));
  const client = (operation: string, more = {}) => ({
    kind: SpanKind.CLIENT,
    attributes: { ...common, 'messaging.operation.name': operation, ...more },
  });
  const ofJob = { 'carillon.job.id': 'job' };
  expect(of('pauseJob job')).toEqual([client('pauseJob', ofJob)]);
  expect(of('resumeJob job')).toEqual([client('resumeJob', ofJob)]);
  expect(of(`cancelRun ${runId}`)).toEqual([client('cancelRun', { 'messaging.message.id': runId })]);
  expect([...of('pause default'), ...of('resume default')]).toEqual([client('pause'), client('resume')]);
  expect(of('pauseJob default')).toEqual([client('pauseJob')]);
  expect(of('removeAllJobs default')).toEqual([client('removeAllJobs')]);
  const [removed, failed] = named('removeJob job');
  expect(removed).toMatchObject({ status: { code: SpanStatusCode.UNSET }, attributes: ofJob });
  expect(failed).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'JobNotFoundError' },
  });
});

test('of runs that begin a trace, and of fires, a number a second is traced; the next span says how many were not', async () => {
  const { provider, named, tracer } = sdk();
  // One trace each thousand seconds.
  const { clock, scheduler, logged } = await cluster(tracing({ provider, tracesPerSecond: 0.001 }));
  await scheduler.addJob({ id: 'job', task: 'greet', args: ['bob'], trigger: interval('1s') });
  await clock.advance('3500ms');
  expect([named('run greet').length, named('fire greet').length]).toEqual([1, 1]);
  expect(logged().map((line) => 'trace_id' in line)).toEqual([true, false, false]);

  expect(named('run greet')[0]?.attributes).not.toHaveProperty(['carillon.not_traced']);

  // A run that is enqueued within a trace always continues it.
  const request = tracer.startSpan('request');
  const { traceId } = request.spanContext();
  for (const name of ['ann', 'eve']) {
    const run = await context.with(trace.setSpan(context.active(), request), () => scheduler.enqueue('greet', [name]));
    await clock.advance('10ms');
    expect(await run.result()).toBe(`${name} in ${traceId}`);
  }
  expect(named('run greet')).toHaveLength(3);
});

test('a run that is not traced has what its task does not traced either', async () => {
  const { provider, named } = sdk();
  const { clock, scheduler, logged } = await cluster(tracing({ provider, tracesPerSecond: 0 }));
  await scheduler.addJob({ id: 'job', task: 'chain', trigger: interval('1m') });
  await clock.advance('61s');
  expect(named('addJob chain')).toHaveLength(1);
  expect(['run chain', 'fire chain', 'enqueue greet', 'run greet'].flatMap(named)).toEqual([]);
  expect(logged()).toMatchObject([{ trace_id: expect.stringMatching(/^[\da-f]{32}$/), trace_flags: '00' }]);
});

test('a rate that is not a number of at least 0 is refused', () => {
  for (const [given, shown] of [
    [-1, '-1'],
    [Number.NaN, 'NaN'],
  ] as const) {
    expect(() => tracing({ tracesPerSecond: given })).toThrow(
      `tracesPerSecond ${shown} is not a number from 0 on: give 100, or Infinity to trace all runs`,
    );
  }
});

test('what fails is an error of its span: the run, and the call', async () => {
  const { provider, named } = sdk();
  const { clock, scheduler } = await cluster(tracing({ provider }));
  await scheduler.enqueue('break');
  await clock.advance('1s');
  const [run] = named('run break');
  expect(run).toMatchObject({ status: { code: SpanStatusCode.ERROR, message: 'broken' } });
  expect(run?.attributes).toMatchObject({ 'error.type': 'E_BROKEN', 'carillon.outcome': 'error' });
  expect(run?.events[0]).toMatchObject({ name: 'exception' });
  await expect(scheduler.modifyJob('nobody', { timeout: 1 })).rejects.toThrow('nobody');
  expect(named('modifyJob nobody')[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
});

test('of a fire that a telemetry does not ask for nothing is gathered, and one that throws harms no other', async () => {
  const fired: string[] = [];
  const answers = [false, true, false];
  const chooses: Telemetry = {
    firing: () => answers.shift() === true,
    fired: ({ scheduledRunTime }) => void fired.push(scheduledRunTime.toISOString()),
  };
  const fails: Telemetry = {
    firing: () => {
      throw new Error('as planned');
    },
    fired: () => void fired.push('of the one that throws'),
  };
  const { clock, scheduler } = await cluster([fails, chooses]);
  await scheduler.addJob({ id: 'job', task: 'greet', args: ['bob'], trigger: interval('1s') });
  await clock.advance('3500ms');
  expect([answers, fired]).toEqual([[], ['2026-01-01T00:00:02.000Z']]);
});

test('a telemetry that throws harms nothing; without one, nothing is kept of a trace', async () => {
  const fail = () => {
    throw new Error('as planned');
  };
  const { clock, scheduler, logged } = await cluster({ watch: fail, executed: fail, producing: fail, executing: fail });
  const run = await scheduler.enqueue('greet', ['eve']);
  await clock.advance('1s');
  expect(await run.result()).toBe('eve in undefined');
  expect(logged()[0]).not.toHaveProperty('trace_id');
});

test('where no SDK is registered nothing is traced, and an SDK that is registered later is used', async () => {
  const { provider, named } = sdk();
  const { scheduler, logged } = await cluster(tracing());
  await (await scheduler.enqueue('greet', ['Ada'])).result();
  expect(logged()[0]).not.toHaveProperty('trace_id');
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => trace.disable());
  await (await scheduler.enqueue('greet', ['Eve'])).result();
  expect(named('run greet')).toHaveLength(1);
});
