import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Alert } from 'carillon/alerts';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkSettings } from '../../../../packages/carillon/src/alerts/check.js';
import { allCommands } from '../../../integration/cli/commands.js';
import { readPage } from '../../docs/markdown.js';

const { blocks } = readPage(
  readFileSync(fileURLToPath(new URL('../../../../docs/alerts.md', import.meta.url)), 'utf8'),
);
const inLanguage = (name: string) => blocks.filter(({ language }) => language === name).map(({ code }) => code);
const SECRET = Buffer.alloc(32).toString('base64');

it('what docs/alerts.md shows of the file is right, and each kind of rule is there', () => {
  const shown = inLanguage('yaml').map((code) => parse(code.replaceAll(/\{ env: \w+ \}/g, SECRET)));
  expect(shown).toHaveLength(3);
  const checked = shown.map((part) => checkSettings({ rules: [], ...part }));
  const kinds = new Set(checked[0]?.rules.map((rule) => rule.when));
  expect(kinds.size).toBe(7);
  expect(
    checked.map(({ heartbeats, alive, allowHosts }) => heartbeats.length + alive.length + allowHosts.size),
  ).toEqual([0, 2, 2]);
});

it('what docs/alerts.md shows of a notification has the members of one', () => {
  const members: Record<keyof Alert, true> = {
    ...{ id: true, rule: true, when: true, jobStore: true, jobId: true, task: true, executor: true, runId: true },
    ...{ openedAt: true, why: true, code: true, link: true },
  };
  const [json = ''] = inLanguage('json');
  expect(Object.keys(JSON.parse(json).data).sort()).toEqual(Object.keys(members).sort());
});

it('the commands that docs/alerts.md shows are there, with these options', async () => {
  const lines = inLanguage('sh').flatMap((code) =>
    code.split('\n').filter((line) => line.startsWith('carillon alerts')),
  );
  expect(lines.length).toBeGreaterThan(5);
  const known = new Map(
    (await allCommands()).map(({ path, command }) => [path.join(' '), command.options.map(({ long }) => long)]),
  );
  for (const line of lines) {
    const [, , word = ''] = line.split(' ');
    const options = known.get(`alerts ${word.startsWith('-') ? 'run' : word}`);
    expect(options, line).toBeDefined();
    for (const option of line.match(/--[\w-]+/g) ?? []) expect(options, line).toContain(option);
  }
});
