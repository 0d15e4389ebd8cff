import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assemble } from '../../../packages/redis/src/store/assemble.js';

const lua = new URL('../../../packages/redis/lua/', import.meta.url);
const read = (name: string) => readFileSync(new URL(`${name}.lua`, lua), 'utf8');
const namesIn = (folder: string) =>
  readdirSync(new URL(folder, lua))
    .filter((file) => file.endsWith('.lua'))
    .map((file) => file.replace(/\.lua$/, ''));

it('of a part, what a script needs is there: by itself, or through what it needs; and what happens in any case', () => {
  const parts: Record<string, string> = {
    one: `-- Says something of unneeded.
local KEYWORD, other = 1, 2
local USED = { 'a',
  'b',
}
local UNUSED = 'c'
local changed = {}
for _, name in ipairs(USED) do
  redis.call('HLEN', name)
end
local function inner() return changed end
`,
    two: `
local function unneeded() return needed() end

-- Needs inner.
local function needed()
  local function inmost() return 1 end
  return inner(inmost)
end
local function last() return needed() end
`,
  };
  const script = `#!lua
-- What it does, unneeded.
-- USES  one, two
-- ARGV  last
-- unneeded
return needed()
`;
  expect(assemble(script, (name) => parts[name] ?? '')).toBe(`#!lua
-- What it does, unneeded.
local KEYWORD, other = 1, 2
local USED = { 'a',
  'b',
}
local changed = {}
for _, name in ipairs(USED) do
  redis.call('HLEN', name)
end
local function inner() return changed end
local function needed()
  local function inmost() return 1 end
  return inner(inmost)
end
-- ARGV  last
-- unneeded
return needed()
`);
});

it('all that an assembled script needs of a part stands before its first use; what nothing needs is left out', () => {
  const ofParts = namesIn('lib').flatMap((part) =>
    [...read(`lib/${part}`).matchAll(/^local function (\w+)/gm)].map(([, name = '']) => name),
  );
  const faults: string[] = [];
  for (const script of namesIn('.')) {
    const text = assemble(read(script), (part) => read(`lib/${part}`)).replaceAll(/^ *--.*$/gm, '');
    for (const name of ofParts) {
      const made = text.search(new RegExp(`^ *local function ${name}\\(`, 'm'));
      const called = text.search(new RegExp(`(?<!function |[.:])\\b${name}\\(`));
      if (called >= 0 && (made < 0 || called < made)) faults.push(`${script}: ${name} is not there`);
      if (made >= 0 && called < 0) faults.push(`${script}: nothing calls ${name}`);
    }
  }
  expect(faults).toEqual([]);
  expect(ofParts.length).toBeGreaterThan(30);
});
