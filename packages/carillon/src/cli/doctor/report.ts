import type { Diagnosis, Finding } from '@carillon/core';
import { lengthText } from '@carillon/core/internal';
import { table } from '../table.js';

/** What was seen, and what is wrong, for people. */
export function reportOf({ server, jobStores, findings }: Diagnosis): string {
  const seen = server ? ofServer(server) : '';
  const rows = jobStores.map(rowOf);
  const heading = [
    'JOB STORE',
    'FORMAT',
    'LEADER',
    'WORKERS',
    'JOBS',
    'PAUSED',
    'OWED',
    'RUNNING',
    'OUTBOX',
    'QUARANTINE',
  ];
  return `${seen}\n${rows.length > 0 ? `${table(heading, rows)}\n` : ''}${inWords(findings)}`;
}

function ofServer(server: NonNullable<Diagnosis['server']>): string {
  const kept = server.appendOnly ? 'append-only file' : server.save === '' ? 'nothing is saved' : 'snapshots';
  const memory = server.maxmemory ? `${mebibytes(server.usedMemory)} of ${mebibytes(server.maxmemory)}` : 'no limit';
  return table(
    ['SERVER', ''],
    [
      ['version', `${server.server} ${server.version}`],
      ['persistence', kept],
      ['memory', `${memory}, ${server.maxmemoryPolicy ?? 'policy not known'}`],
      ['clock', `this machine's is ${lengthText(server.clockAheadMs)} ahead`],
    ],
  );
}

function rowOf({ jobStore, format, leader, paused, workers, counts }: Diagnosis['jobStores'][number]): string[] {
  const numbers = [counts.jobs, counts.jobs - counts.schedule, counts.runs, counts.leases];
  const led = leader ? `term ${leader.epoch}` : 'none';
  return [
    paused ? `${jobStore} (paused)` : jobStore,
    String(format),
    led,
    ...[workers.length, ...numbers, counts.outbox, counts.quarantine].map(String),
  ];
}

function inWords(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is wrong.\n';
  return findings
    .map(({ level, code, jobStore, finding, whatToDo }) => {
      const about = jobStore === null ? 'server' : `job store ${jobStore}`;
      return `${level} ${code}: ${about}: ${finding}\n  ${whatToDo}\n`;
    })
    .join('');
}

function mebibytes(bytes: number | null): string {
  return bytes === null ? '?' : `${Math.round(bytes / 1_048_576)} MiB`;
}
