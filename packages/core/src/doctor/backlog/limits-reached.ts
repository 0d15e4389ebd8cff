import { counted } from '../../counted.js';
import { durationInUnit, lengthText } from '../../duration-text.js';
import type { Finding } from '../finding.js';
import type { Load } from './load.js';

/** Limits of the whole cluster that hold runs back. */
export function limitsReached(load: Load): Finding[] {
  const { jobStore, executor, queued, limits } = load;
  if (!limits || queued.length === 0) return [];
  const { globalConcurrency, taken, rateLimit, limitedForMs } = limits;
  const findings: Finding[] = [];
  const note = (code: Finding['code'], finding: string, whatToDo: string) =>
    findings.push({ level: 'warning', code, jobStore, finding, whatToDo });
  const rest = `and ${counted(queued.length, 'run is', 'runs are')} queued`;
  if (isConcurrencyReached(load)) {
    const finding = `executor "${executor}" may run ${globalConcurrency} at once in the whole cluster, ${counted(taken, 'is', 'are')} taken, ${rest}`;
    note(
      'concurrency_limit_reached',
      finding,
      `Wait, or raise it: \`carillon worker --global-concurrency ${executor}:<n>\`.`,
    );
  }
  if (rateLimit && limitedForMs > 0) {
    const finding = `executor "${executor}" may begin ${counted(rateLimit.max, 'run')} in ${durationInUnit(rateLimit.durationMs)} in the whole cluster, and may begin the next one in ${lengthText(limitedForMs)}, ${rest}`;
    note(
      'rate_limit_reached',
      finding,
      `Wait, or raise it: \`carillon worker --rate-limit ${executor}:<n>/<duration>\`.`,
    );
  }
  return findings;
}

/** Whether a limit of the whole cluster is why runs wait. */
export function isLimited(load: Load): boolean {
  return isConcurrencyReached(load) || (load.limits?.limitedForMs ?? 0) > 0;
}

function isConcurrencyReached({ limits }: Load): boolean {
  return limits !== undefined && limits.globalConcurrency !== null && limits.taken >= limits.globalConcurrency;
}
