import { hash } from 'node:crypto';
import { labelText, submissionText } from '../event/run-texts.js';
import { newerVersion } from '../newer.js';
import type { LedgerRun, NewRun, RunPolicy } from '../ports/ledger.js';

/** Both parts of a record begin with this number. */
const VERSION = 1;

/** Eight hexadecimal digits: whether a text is as it was written. */
function sumOf(text: string): string {
  return digestOf(text).slice(0, 8);
}

/** The same in 40: a value beyond 64 bytes makes a table of a hash in Redis, which else searches it from its start. */
function digestOf(text: string): string {
  return hash('sha1', text, 'hex');
}

/** What the events of a run report: of the run, and in addition of its submission. */
export interface RunTexts {
  readonly label: string;
  readonly submission: string;
}

export function textsOf(jobStore: string, run: NewRun): RunTexts {
  return { label: run.label ?? labelText(jobStore, run), submission: submissionText(run) };
}

/**
 * A run is stored in two parts. Its state, which scripts read and change (`redis/lua/lib/record.lua`), has four lines:
 *
 * - version, delivery id, token, starts, losses, tries, done, cancel; the sum of all that follows; from when on its first start is too late
 *   for one of its fire times
 * - what all its events say of the run
 * - grace, max instances, overlap, executor, priority, history, fires, job id
 * - what the events of its submission say in addition
 *
 * Only what stands before the sum ever changes. `-` is there, and for the job id nothing, where there is none. A fire is its fire time and
 * how much later it was due; the history is an age, and the count per job where there is one.
 *
 * Its body is what the worker needs: version, sum, and JSON with named members, which no script reads.
 *
 * @param deliveryId under which the run is to go out; null if it has none yet.
 */
export function encodeState({ label, submission }: RunTexts, run: NewRun, deliveryId: string | null = null): string {
  const { graceMs, maxInstances, overlap, executor, priority, history } = run;
  const fires = run.fires.length === 1 ? textOfFire(run.fires[0]) : run.fires.map(textOfFire).join(',');
  const lateAt = graceMs === null ? '-' : Math.min(...run.fires.map(({ dueAt }) => dueAt)) + graceMs;
  const policy = `${graceMs ?? '-'} ${maxInstances} ${overlap} ${executor} ${priority} ${historyText(history)} ${fires}`;
  const fixed = ` ${lateAt}\n${label}\n${policy} ${run.jobId ?? ''}\n${submission}`;
  return `${VERSION} ${deliveryId ?? '-'} - 0 0 0 0 - ${sumOf(fixed)}${fixed}`;
}

function textOfFire(fire: NewRun['fires'][number] | undefined): string {
  return fire ? `${fire.fireTime}+${fire.dueAt - fire.fireTime}` : '';
}

export function encodeBody({ payload }: Pick<NewRun, 'payload'>): string {
  return `${VERSION} ${digestOf(payload)} ${payload}`;
}

/** Whether this is a state that can be read. */
export function isState(text: string): boolean {
  return STATE.test(text);
}

/** Whether the state of a run could be read again once it is written: as `isState` of `encodeState` says, without writing it. */
export function isReadable(run: NewRun): boolean {
  const { graceMs, maxInstances, overlap, executor, priority, history, jobId, fires } = run;
  return (
    isCount(graceMs ?? 0) &&
    isCount(maxInstances) &&
    isCount(priority) &&
    isCount(history?.ageMs ?? 0) &&
    isCount(history?.perJob ?? 0) &&
    OVERLAPS.has(overlap) &&
    WORD.test(executor) &&
    !jobId?.includes('\n') &&
    fires.length > 0 &&
    fires.every(({ fireTime, dueAt }) => isCount(Math.abs(fireTime)) && isCount(dueAt - fireTime))
  );
}

const OVERLAPS: ReadonlySet<string> = new Set(['skip', 'queue', 'replace'] satisfies NewRun['overlap'][]);
const WORD = /^\S+$/;
/** From here on a number is written with an exponent. */
const MANY = 1e21;

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < MANY;
}

export function historyText(history: NewRun['history']): string {
  if (!history) return '-';
  return history.perJob === null ? String(history.ageMs) : `${history.ageMs}/${history.perJob}`;
}

const STATE =
  /^1 \S+ \S+ (\d+) \d+ (\d+) (\d+) ([-c]) [\da-f]{8} \S+\n([^\n]*)\n(?:-|\d+) \d+ (skip|queue|replace) (\S+) \d+ (-|\d+(?:\/\d+)?) (-?\d+\+\d+(?:,-?\d+\+\d+)*) ([^\n]*)\n([^\n]*)$/;
const BODY = /^1 ([\da-f]{40}) ([\s\S]*)$/;

/** A run of its parts, or null where its state cannot be read. One whose body cannot be read has none: its `payload` is ''. */
export function decodeRun(runId: string, state: string, body: string): LedgerRun | null {
  const match = STATE.exec(state);
  if (!match) return null;
  const [
    ,
    starts,
    tries,
    done,
    cancel,
    label = '',
    overlap,
    executor = '',
    history = '-',
    fires = '',
    jobId,
    submission = '',
  ] = match;
  return {
    runId,
    jobId: jobId || null,
    task: textMember(label, 'task') ?? '',
    executor,
    retryOf: textMember(label, 'retryOf'),
    overlap: overlap as LedgerRun['overlap'],
    history: historyOf(history),
    fires: fires.split(',').map(fireOf),
    done: Number(done),
    starts: Number(starts),
    tries: Number(tries),
    cancelled: cancel === 'c',
    payload: decodeBody(body),
    label,
    ...(submission.includes('"asked":true') && { asked: true as const }),
    ...(newerVersion(body) !== null && { newer: true as const }),
  };
}

/**
 * A text among the members of a label. Within a text, a quotation mark has a backslash before it: so the name of a member is found only
 * where it is one.
 */
function textMember(label: string, name: 'task' | 'retryOf'): string | undefined {
  const before = `,"${name}":"`;
  const at = label.indexOf(before);
  if (at < 0) return undefined;
  const from = at + before.length;
  const found = label.slice(from, label.indexOf('"', from));
  if (!found.includes('\\')) return found;
  return JSON.parse(TEXT.exec(label.slice(from - 1))?.[0] ?? 'null') ?? undefined;
}

const TEXT = /^"(?:[^"\\]|\\.)*"/;

const POLICY = /^(\d+) (skip|queue|replace) (\S+) (\d+) (-|\d+(?:\/\d+)?)$/;

/** Of a state: max instances, overlap, executor, priority and history. null if the state cannot be read. */
export function decodePolicy(text: string): RunPolicy | null {
  const [, max, overlap, executor = '', priority, history = '-'] = POLICY.exec(text) ?? [];
  if (overlap === undefined) return null;
  return {
    maxInstances: Number(max),
    overlap: overlap as NewRun['overlap'],
    executor,
    priority: Number(priority),
    history: historyOf(history),
  };
}

function fireOf(text: string): LedgerRun['fires'][number] {
  const at = text.indexOf('+', 1);
  const fireTime = Number(text.slice(0, at));
  return { fireTime, dueAt: fireTime + Number(text.slice(at + 1)) };
}

function historyOf(text: string): LedgerRun['history'] {
  if (text === '-') return null;
  const [age, perJob] = text.split('/');
  return { ageMs: Number(age), perJob: perJob === undefined ? null : Number(perJob) };
}

/** The JSON of a body; '': it cannot be read. */
export function decodeBody(body: string): string {
  const [, sum, payload = ''] = BODY.exec(body) ?? [];
  return digestOf(payload) === sum ? payload : '';
}
