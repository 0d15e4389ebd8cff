import { expect, it } from 'vitest';
import { carillon } from './carillon.js';
import { allCommands } from './commands.js';

/** Every option that takes a duration, with its environment variable if it has one. */
const places = (await allCommands()).flatMap(({ path, command }) =>
  command.options
    .filter(({ flags }) => /<duration>|duration/.test(flags))
    .map(({ long, envVar }) => ({ path, long: String(long), envVar })),
);

it('a duration without its unit is refused, wherever one is taken', async () => {
  expect(places.length).toBeGreaterThan(10);
  expect(places.some(({ envVar }) => envVar !== undefined)).toBe(true);
  for (const { path, long, envVar } of places) {
    for (const amount of ['30', '1.5', '0']) {
      const byOption = await carillon([...path, long, amount]);
      const says = `its unit is missing: ${amount}ms, ${amount}s`;
      expect(byOption, `${path.join(' ')} ${long}`).toMatchObject({ code: 2, stdout: '' });
      expect(byOption.stderr).toMatch(/^carillon: [^\n]+\n$/);
      expect(byOption.stderr).toContain(says);
      if (envVar === undefined) continue;
      const byEnvironment = await carillon(path, { env: { [envVar]: amount } });
      expect(byEnvironment, envVar).toMatchObject({ code: 2, stdout: '' });
      expect(byEnvironment.stderr).toContain(says);
    }
    const wrong = await carillon([...path, long, 'soon']);
    expect(wrong.stderr, long).toContain('not a duration such as 500ms');
  }
});

it('an option whose value is a length of time says so in its help', async () => {
  const times = /^--(every|.*-(timeout|delay|age|time|jitter|for)|lease|jitter|timeout|delay)$/;
  const instants = ['--next-run-time'];
  const shares = ['--retry-jitter'];
  for (const { command } of await allCommands()) {
    for (const { long, flags } of command.options) {
      if (
        !times.test(String(long)) ||
        String(long).startsWith('--no-') ||
        [...instants, ...shares].includes(String(long))
      )
        continue;
      expect(flags).toMatch(/<.*duration.*>/);
    }
  }
});
