import { expect, test } from 'vitest';
import { judge, NO_OUTAGE, type OutageFact, type OutageLine } from '../../../../packages/core/src/outage-log/lines.js';

/** Returns the lines for facts, each with its time in seconds. Between facts, the judge runs again when it asked for that. */
function saidOf(facts: readonly (readonly [number, string])[], untilS: number): string[] {
  const said: string[] = [];
  let record = NO_OUTAGE;
  let last: OutageFact = { kind: 'up', at: 0 };
  let againAt = Number.POSITIVE_INFINITY;
  const say = (fact: OutageFact) => {
    const judged = judge(record, fact);
    record = judged.record;
    againAt = judged.judgeAgainAt ?? Number.POSITIVE_INFINITY;
    if (againAt <= fact.at) throw new Error('it is to be judged again at once');
    if (judged.line) said.push(`${fact.at / 1_000} ${inWords(judged.line)}`);
    // A failure is not a state that lasts.
    last = fact.kind === 'failed' ? { kind: 'up', at: fact.at } : fact;
  };
  for (const [atS, name] of [...facts, [untilS, 'end'] as const]) {
    while (againAt < atS * 1_000) say({ ...last, at: againAt });
    if (name !== 'end') say(factOf(name, atS * 1_000));
  }
  return said;
}

function factOf(name: string, at: number): OutageFact {
  const [kind, cause] = name.split(':');
  return (cause === undefined ? { kind, at } : { kind, at, cause }) as OutageFact;
}

function inWords(line: OutageLine): string {
  if (line.kind === 'redis_lost') return `lost: ${line.cause}`;
  const gone = `${line.goneMs / 1_000} s`;
  return line.kind === 'redis_gone' ? `gone ${gone}: ${line.cause}` : `back after ${gone}`;
}

test.each<[string, readonly (readonly [number, string])[], number, string[]]>([
  ['nothing happens', [[1, 'up']], 60, []],
  [
    'a connection is made again before a call misses it',
    [
      [1, 'unsure'],
      [1.1, 'up'],
    ],
    60,
    [],
  ],
  [
    'gone for 9 s',
    [
      [1, 'down:refused'],
      [10, 'up'],
    ],
    60,
    ['1 lost: refused', '10 back after 9 s'],
  ],
  [
    'gone for 10 s and a little',
    [
      [1, 'down:x'],
      [11.5, 'up'],
    ],
    60,
    ['1 lost: x', '11 gone 10 s: x', '11.5 back after 10.5 s'],
  ],
  [
    'gone for 35 s, seen again and again, for another cause in the end',
    [
      [0, 'down:reset'],
      [0.1, 'down:refused'],
      [3, 'down:refused'],
      [29, 'down:loading'],
      [35, 'up'],
    ],
    60,
    ['0 lost: reset', '10 gone 10 s: refused', '20 gone 20 s: refused', '30 gone 30 s: loading', '35 back after 35 s'],
  ],
  [
    'some connections are back, and others are not',
    [
      [0, 'down:x'],
      [4, 'unsure'],
      [12, 'up'],
    ],
    60,
    ['0 lost: x', '10 gone 10 s: x', '12 back after 12 s'],
  ],
  [
    'a call fails though every connection stands, and no other one',
    [[0, 'failed:slow']],
    60,
    ['0 lost: slow', '2 back after 0 s'],
  ],
  [
    'calls fail each second though every connection stands',
    [...Array.from({ length: 13 }, (_, second) => [second, 'failed:slow'] as const)],
    60,
    ['0 lost: slow', '10 gone 10 s: slow', '14 back after 12 s'],
  ],
  [
    'calls fail, no connection answers, then one is given up',
    [
      [0, 'failed:slow'],
      [0, 'unsure'],
      [9, 'down:given up'],
      [12, 'up'],
    ],
    60,
    ['0 lost: slow', '10 gone 10 s: given up', '12 back after 12 s'],
  ],
  [
    'calls fail, no connection answers, then they do',
    [
      [0, 'failed:slow'],
      [0, 'unsure'],
      [5, 'up'],
    ],
    60,
    ['0 lost: slow', '7 back after 5 s'],
  ],
  [
    'what had begun before fails just after Redis is back',
    [
      [0, 'down:x'],
      [3, 'up'],
      [3.5, 'failed:late'],
      [4.5, 'failed:new'],
    ],
    60,
    ['0 lost: x', '3 back after 3 s', '4.5 lost: new', '6.5 back after 0 s'],
  ],
  [
    'two outages, one soon after the other',
    [
      [0, 'down:x'],
      [1, 'up'],
      [5, 'down:y'],
      [6, 'up'],
    ],
    60,
    ['0 lost: x', '1 back after 1 s', '5 lost: y', '6 back after 1 s'],
  ],
  [
    'a Redis that comes and goes each second is one outage from the third time on',
    Array.from({ length: 30 }, (_, second) => [second, second % 2 === 0 ? 'down:x' : 'up'] as const),
    60,
    [
      ...['0 lost: x', '1 back after 1 s', '2 lost: x', '3 back after 1 s'],
      ...['4 lost: x', '14 gone 10 s: x', '24 gone 20 s: x', '34 gone 30 s: x', '39 back after 25 s'],
    ],
  ],
])('%s', (_, facts, untilS, said) => {
  expect(saidOf(facts, untilS)).toEqual(said);
});

test('a process that slept through much of an outage says so once', () => {
  const { record } = judge(NO_OUTAGE, { kind: 'down', at: 0, cause: 'x' });
  const woken = judge(record, { kind: 'down', at: 95_000, cause: 'x' });
  expect(woken).toMatchObject({ line: { kind: 'redis_gone', goneMs: 95_000 }, judgeAgainAt: 105_000 });
});

test('whatever happens, in each 10 s there are few lines, and each outage begins and ends', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let play = 0; play < 60; play++) {
    let at = 0;
    const facts = Array.from({ length: 100 }, () => {
      at += random() ** 3 * 20;
      return [at, ['down:x', 'failed:y', 'unsure', 'up'][Math.floor(random() * 4)] ?? 'up'] as const;
    });
    const said = saidOf([...facts, [at + 1, 'up']], at + 100);
    const begun = said.filter((line) => line.includes('lost')).length;
    expect(said.filter((line) => line.includes('back')).length).toBe(begun);
    expect(said.at(-1) ?? 'back').toContain('back');
    const instants = said.map((line) => Number.parseFloat(line));
    const within10s = instants.map((from) => instants.filter((at) => at >= from && at < from + 10).length);
    // Three losses, the end of each, and one line which says that an outage lasts.
    expect(Math.max(0, ...within10s), said.join('\n')).toBeLessThanOrEqual(8);
  }
});
