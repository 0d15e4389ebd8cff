import type { Reported } from '../audit/effect.js';
import type { Call, Result } from './wire.js';

/** A call that took effect, as a line of the transcript. */
export function inWords(call: Call, result: Result<unknown>, events: readonly Reported[]): string {
  const { name, process, params, asked } = call;
  const answer = 'error' in result ? `failed: ${messageOf(result.error)}` : JSON.stringify(result.answer);
  const whose = asked ? ` (asking ${asked.n})` : '';
  const reported = events.map((event) => `\n           ! ${eventInWords(event)}`).join('');
  return `${process} ${name}${whose} ${cut(given(name, params), 160)} -> ${cut(answer ?? '', 160)}${reported}`;
}

function given(name: string, params: unknown): string {
  if (params === undefined) return '';
  if (name === 'heartbeat') {
    const { held } = params as { held: readonly { runId: string; token: string }[] };
    return JSON.stringify(held.map(({ runId, token }) => [runId, token]));
  }
  if (name === 'handBack') {
    return JSON.stringify(
      (params as { held: readonly { runId: string; token: string }[] }).held.map(({ runId, token }) => [runId, token]),
    );
  }
  return JSON.stringify(params);
}

function eventInWords({ v: _, at: __, jobStore: ___, type, seq, ...rest }: Reported): string {
  return `${type} #${seq} ${cut(JSON.stringify(rest), 200)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
