import { type JobChange, members, type PutParams, TOMBSTONE_LIFE_MS } from '@carillon/core/internal';
import type { ScriptArgument } from './script-call.js';

/** Returns the arguments of `put.lua`, in the order of its header. */
export function putArguments({ op, readAt, changes }: PutParams): readonly ScriptArgument[] {
  return [op, readAt, TOMBSTONE_LIFE_MS, ...changes.flatMap(changeArguments)];
}

function changeArguments({ id, expected, record, tombstone = '', account, events }: JobChange): ScriptArgument[] {
  const pending = record?.pending === 'kept' ? { dueAt: 'kept', fireTime: '' } : record?.pending;
  return [
    id,
    ...expectedArguments(expected),
    record ? 'write' : 'remove',
    account ?? '',
    record?.digest ?? tombstone,
    record?.json ?? '',
    record?.newGeneration ? 'new' : '',
    pending?.dueAt ?? '',
    pending?.fireTime ?? '',
    events.length,
    ...events.flatMap(({ type, about }) => [type, members(about)]),
  ];
}

function expectedArguments(expected: JobChange['expected']): ScriptArgument[] {
  if (expected.rev === 'unreadable') return ['?', '', ''];
  return expected.rev === null ? ['', '', expected.tombstone ?? ''] : [expected.rev, expected.dueAt ?? '', ''];
}

/** Whether a change removes or pauses a job. */
export function frees({ expected, record }: JobChange): boolean {
  return record === null || (expected.rev !== null && record.pending === null);
}
