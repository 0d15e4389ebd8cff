import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const core = fileURLToPath(new URL('../../packages/core/', import.meta.url));
const scripts = readdirSync(`${core}lua`).map((file) => file.replace(/\.lua$/, ''));

const sourceOf = (name: string) => readFileSync(`${core}lua/${name}.lua`, 'utf8');

/** The comment that a script begins with. */
function headerOf(source: string): string {
  const [first = '', ...lines] = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return [first, ...lines.slice(0, end)].join('\n');
}

describe('the Lua scripts', () => {
  it('are just those that are loaded', () => {
    const [, list = ''] = /const NAMES = \[([^\]]*)\]/.exec(readFileSync(`${core}src/redis/scripts.ts`, 'utf8')) ?? [];
    expect([...list.matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual([...scripts].sort());
    expect(scripts.length).toBeGreaterThan(20);
  });

  it.each(scripts)('%s begins with what it does, KEYS, ARGV and Returns', (name) => {
    const source = sourceOf(name);
    const header = headerOf(source);
    expect(header).toMatch(/^#!lua( flags=[a-z,-]+)?\n-- [A-Z][^\n]+/);
    expect(header).toMatch(/\n-- KEYS {2}\S/);
    expect(header).toMatch(/\n-- ARGV {2}\S/);
    if (/\n *return [^\n]+\s*$/.test(source)) expect(header).toMatch(/\n-- Returns {2}\S/);
  });

  it.each(scripts)('%s names as many keys as it takes', (name) => {
    const source = sourceOf(name);
    const [, told = ''] = /-- KEYS {2}([\s\S]*?)\n-- ARGV/.exec(source) ?? [];
    const [, taken = ''] = /^local (.+) = unpack\(KEYS\)$/m.exec(source) ?? [];
    expect(taken.split(', ')).toHaveLength(told.split(',').length);
  });

  it.each(scripts)('%s reads no clock that a test cannot replace', (name) => {
    const source = sourceOf(name);
    if (source.includes("'TIME'")) expect(source).toContain('local now = tonumber(ARGV[1])');
  });
});
