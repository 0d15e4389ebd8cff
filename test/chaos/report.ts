import type { ChaosResult } from './chaos.js';

const MOST_VIOLATIONS = 40;

/** Returns the figures as lines of text for people. */
export function report(result: ChaosResult): string[] {
  const { account, enqueued, violations } = result;
  const { counts, repeats } = account;
  const kinds = [...new Set(result.rounds.map(({ kind }) => kind))].sort();
  const ofKind = kinds.map((kind) => {
    const count = result.rounds.filter((round) => round.kind === kind).length;
    const gap = result.gaps.get(kind);
    return `  ${String(count).padStart(4)}  ${kind.padEnd(46)} ${gap === undefined ? '' : `${gap} ms`}`;
  });
  const causes = [...repeats.byCause].map(([what, count]) => `${count} ${what}`);
  const repeated = [...repeats.byCause.values()].reduce((sum, count) => sum + count, 0);
  const errors = [...account.errors].map(([code, count]) => `${code || 'thrown by the task'}: ${count}`);
  return [
    '',
    `rounds             ${result.rounds.length} in ${Math.round(result.lastedMs / 1_000)} s; seed ${result.seed}`,
    '  times fault                                         longest from fire to run',
    ...ofKind,
    `fire times         ${account.expected} expected`,
    `  executed         ${counts.executed}`,
    `  error            ${counts.error} (${errors.join(', ')})`,
    `  missed           ${counts.missed}`,
    `  max_instances    ${counts.max_instances}`,
    `  coalesced        ${counts.coalesced}`,
    `  cancelled        ${counts.cancelled}`,
    `  not known        ${account.unknown}`,
    `audited            ${result.audited} fire times of the store's own account`,
    `enqueued           ${enqueued.acknowledged} acknowledged, ${enqueued.failed} failed`,
    `lost               ${account.lost.length}`,
    `settled twice      ${account.twice.length}`,
    `repeated           ${repeated}${causes.length > 0 ? `: ${causes.join(', ')}` : ''}; for no known reason ${repeats.unexplained.length}`,
    `events             read from the ${result.source}; ${result.unseen} not seen`,
    ...(result.forgotten > 0 ? [`Redis forgot       ${result.forgotten} bytes of its append-only file`] : []),
    `violations         ${violations.length}`,
    ...violations.slice(0, MOST_VIOLATIONS).map((what) => `  ${what}`),
    ...(violations.length > MOST_VIOLATIONS ? ['  …'] : []),
  ];
}
