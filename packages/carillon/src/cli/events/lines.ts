import type { CarillonEvent } from '@carillon/core';

/** An event as it travels: times are milliseconds. */
export function wireOf(event: CarillonEvent): unknown {
  return inMilliseconds(event);
}

function inMilliseconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(inMilliseconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inMilliseconds(member)]));
}

const ENVELOPE = ['v', 'seq', 'type', 'at', 'jobStore', 'jobId', 'eventId'];
const MAX_VALUE_LENGTH = 120;

/** An event for people: when, where, what, about which job, and the rest. */
export function lineOf(event: CarillonEvent): string {
  const job = 'jobId' in event ? ` ${inShort(event.jobId)}` : '';
  const rest = Object.entries(event).filter(([name]) => !ENVELOPE.includes(name));
  const members = rest.map(([name, value]) => ` ${name}=${inShort(name === 'error' ? withoutStack(value) : value)}`);
  return `${event.at.toISOString()} ${event.jobStore} ${event.type.padEnd(17)}${job}${members.join('')}`;
}

/** JSON, so that nothing in it reaches the terminal as a control character; without quotes where it is one plain word. */
function inShort(value: unknown): string {
  const text = JSON.stringify(value);
  const plain = /^"([\w.:/+-]+)"$/.exec(text)?.[1] ?? text;
  return plain.length > MAX_VALUE_LENGTH ? `${plain.slice(0, MAX_VALUE_LENGTH)}…` : plain;
}

function withoutStack(error: unknown): unknown {
  const { stack: _, ...rest } = error as { stack?: string };
  return rest;
}
