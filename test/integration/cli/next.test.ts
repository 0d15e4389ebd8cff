import { describe, expect, it } from 'vitest';
import { done, linesOf } from './carillon.js';

const BERLIN = ['--timezone', 'Europe/Berlin', '--after', '2026-03-27T12:00:00Z'];

describe('carillon next', () => {
  it('tells fire times by the clock of the zone, and in UTC', async () => {
    const { stdout } = await done(['next', '0 9 * * 1-5', ...BERLIN, '--count', '2']);
    const [heading, ...lines] = linesOf(stdout);
    expect(heading).toMatch(/^Europe\/Berlin +UTC/);
    expect(lines).toEqual([
      'Mon 2026-03-30 09:00:00 +02:00  2026-03-30T07:00:00.000Z',
      'Tue 2026-03-31 09:00:00 +02:00  2026-03-31T07:00:00.000Z',
    ]);
  });

  it('tells ten of them to programs', async () => {
    const { json } = await done(['next', '0 3 * * *', '--json', '--after', '2026-01-01T03:00:00Z']);
    expect(json.map(({ at }) => at)).toEqual(
      Array.from({ length: 10 }, (_, day) => `2026-01-${String(day + 2).padStart(2, '0')}T03:00:00.000Z`),
    );
  });

  it('needs no Redis', async () => {
    const { json } = await done(['next', '@daily', '--json', '--count', '1'], {
      env: { CARILLON_REDIS_URL: 'nowhere' },
    });
    expect(json).toHaveLength(1);
  });

  it('tells what clock changes within a year do to it', async () => {
    const warning = '2026-03-29 02:30 does not exist in Europe/Berlin: it fires 1 h later, at 2026-03-29 03:30';
    const { stdout } = await done(['next', '30 2 * * *', ...BERLIN, '--count', '1']);
    expect(stdout).toContain(`\nClock changes within a year:\n  ${warning}\n`);
    const { json } = await done(['next', '30 2 * * *', ...BERLIN, '--count', '1', '--json']);
    expect(json).toContainEqual({ changeAt: '2026-03-29T01:00:00.000Z', warning });
    const calm = await done(['next', '30 2 * * *', '--timezone', 'UTC', '--count', '1']);
    expect(calm.stdout).not.toContain('Clock changes');
  });
});
