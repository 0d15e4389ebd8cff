import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileTrigger } from '../../../../packages/core/src/trigger/compile.js';
import type { Trigger } from '../../../../packages/core/src/trigger/trigger.js';
import { zoneData, zonesIn } from './zone-data.js';

interface Vector {
  readonly judge: string;
  readonly trigger: { readonly type: string; readonly expression?: string };
  readonly after: string;
  readonly fires: readonly string[];
}

const FILE = new URL('../../../vectors/triggers.jsonl', import.meta.url);

const vectors = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

const kindOf = ({ trigger }: Vector) => (trigger.type === 'cron' && !trigger.expression ? 'cron fields' : trigger.type);

/** The tz data of the judges: its version, and a hash of each zone. */
const judges = JSON.parse(readFileSync(new URL('../../../vectors/zones.json', import.meta.url), 'utf8')) as {
  readonly tz: string;
  readonly zones: Readonly<Record<string, string>>;
};
/** Governments change the rules: where this runtime's tz data differs, the judges' results do not apply here. */
const differing = Object.keys(judges.zones).filter((zone) => zoneData(zone) !== judges.zones[zone]);
const isComparable = ({ trigger }: Vector) => !zonesIn(trigger).some((zone) => differing.includes(zone));

const KINDS = ['and', 'calendarInterval', 'cron', 'cron fields', 'date', 'interval', 'or'];

describe('the vectors of judges that share no code with this project', () => {
  it('hold cases of every kind', () => {
    expect([...new Set(vectors.map(kindOf))].sort()).toEqual(KINDS);
    expect(vectors).toHaveLength(239);
  });

  it('are all asked where the tz data is that of the judges, and nearly all elsewhere', () => {
    expect(vectors.flatMap(({ trigger }) => zonesIn(trigger)).filter((zone) => !(zone in judges.zones))).toEqual([]);
    if (process.versions.tz === judges.tz) expect(differing).toEqual([]);
    expect(vectors.filter(isComparable).length).toBeGreaterThan(200);
  });

  it.each(
    vectors.filter(isComparable).map((vector) => [JSON.stringify(vector.trigger), vector.after, vector] as const),
  )('%s after %s', (_, after, { trigger, fires }) => {
    const compiled = compileTrigger(trigger as Trigger);
    let from = Date.parse(after);
    for (const fire of fires) {
      const expected = Date.parse(fire);
      for (const asked of [from, from + 1, (from + expected) / 2, expected - 1_000, expected - 1]) {
        if (asked < from || asked >= expected) continue;
        const answer = compiled.next(new Date(asked));
        if (answer?.getTime() !== expected) expect(answer?.toISOString(), `from ${asked}`).toBe(fire);
      }
      from = expected;
    }
    if (fires.length === 0) expect(compiled.next(new Date(from))).toBeNull();
  });
});
