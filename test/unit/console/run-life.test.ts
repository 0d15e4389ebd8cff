import { expect, it } from 'vitest';
import { lifeParts } from '../../../packages/console/page/src/screens/runs/run-bars.ts';

const START = Date.parse('2026-03-29T00:59:00Z');
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

type Step = readonly [type: string, seconds: number, more?: object];

function bars(due: number | null, steps: readonly Step[], isLive = false, now = 100): readonly string[] {
  const events = steps.map(([type, seconds, more]) => ({ type, at: at(seconds), ...more }));
  const life = { due: due === null ? null : at(due), events, isLive };
  return lifeParts(life, START + now * 1_000).map(({ kind, from, to, outcome }) =>
    `${kind} ${(from - START) / 1_000}-${(to - START) / 1_000} ${outcome ?? ''}`.trim(),
  );
}

it('draws each part of the life of a run, whatever happened to it', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'executed',
      bars(0, [
        ['job_submitted', 2],
        ['job_started', 3],
        ['job_executed', 9],
      ]),
      ['planning 0-2', 'queued 2-3', 'attempt 3-9 executed'],
    ],
    [
      'listed newest first',
      bars(0, [
        ['job_error', 9],
        ['job_started', 3],
        ['job_submitted', 2],
      ]),
      ['planning 0-2', 'queued 2-3', 'attempt 3-9 error'],
    ],
    [
      'tried again',
      bars(0, [
        ['job_submitted', 1],
        ['job_started', 2],
        ['job_retrying', 3],
        ['job_started', 8],
        ['job_executed', 9],
      ]),
      ['planning 0-1', 'queued 1-2', 'attempt 2-3 retrying', 'waiting 3-8', 'attempt 8-9 executed'],
    ],
    [
      'started again, as its worker was lost',
      bars(0, [
        ['job_submitted', 1],
        ['job_started', 2],
        ['job_started', 30],
        ['job_executed', 31],
      ]),
      ['planning 0-1', 'queued 1-2', 'attempt 2-30 worker lost', 'attempt 30-31 executed'],
    ],
    [
      'asked for ahead of its time',
      bars(
        50,
        [
          ['job_submitted', 1],
          ['job_started', 51],
        ],
        true,
      ),
      ['early 1-50', 'queued 1-51', 'attempt 51-100 running'],
    ],
    ['waits in its queue', bars(0, [['job_submitted', 1]], true), ['planning 0-1', 'queued 1-100']],
    [
      'cancelled in its queue',
      bars(0, [
        ['job_submitted', 1],
        ['job_cancelled', 5],
      ]),
      ['planning 0-1', 'queued 1-5'],
    ],
    [
      'several fire times in one run, one settled',
      bars(
        0,
        [
          ['job_submitted', 1],
          ['job_started', 2],
          ['job_executed', 4],
          ['job_started', 4.5],
        ],
        true,
      ),
      ['planning 0-1', 'queued 1-2', 'attempt 2-4 executed', 'waiting 4-4.5', 'attempt 4.5-100 running'],
    ],
    [
      'the log begins in its midst',
      bars(null, [
        ['job_started', 2],
        ['job_executed', 4],
      ]),
      ['attempt 2-4 executed'],
    ],
    ['the log has only its end', bars(0, [['job_executed', 4]]), []],
    ['no event is known', bars(0, [], true), []],
    ['the clock of the viewer is behind', bars(0, [['job_submitted', 1]], true, -5), ['planning 0-1', 'queued 1-1']],
  ];
  for (const [name, found, expected] of cases) expect({ name, found }).toEqual({ name, found: expected });
});
