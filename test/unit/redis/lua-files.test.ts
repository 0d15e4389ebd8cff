import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../../../packages/redis/src/store/keys.js';

const redis = fileURLToPath(new URL('../../../packages/redis/', import.meta.url));
const namesIn = (folder: string) =>
  readdirSync(`${redis}${folder}`)
    .filter((file) => file.endsWith('.lua'))
    .map((file) => file.replace(/\.lua$/, ''));
const scripts = namesIn('lua');
const parts = namesIn('lua/lib');

const sourceOf = (name: string) => readFileSync(`${redis}lua/${name}.lua`, 'utf8');

/** The comment that a script begins with. */
function headerOf(source: string): string {
  const [first = '', ...lines] = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return [first, ...lines.slice(0, end)].join('\n');
}

function usedBy(name: string): string[] {
  const [, used = ''] = /^-- USES {2}(.+)$/m.exec(sourceOf(name)) ?? [];
  return used.split(', ');
}

describe('the Lua scripts', () => {
  it('are just those that are loaded', () => {
    const [, list = ''] = /const NAMES = \[([^\]]*)\]/.exec(readFileSync(`${redis}src/store/scripts.ts`, 'utf8')) ?? [];
    expect([...list.matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual([...scripts].sort());
    expect(scripts.length).toBeGreaterThan(20);
  });

  it.each(scripts)('%s begins with what it does, the parts it uses, ARGV and Returns', (name) => {
    const source = sourceOf(name);
    const header = headerOf(source);
    expect(header).toMatch(/^#!lua( flags=[a-z,-]+)?\n-- [A-Z][^\n]+/);
    expect(header).toMatch(/\n-- USES {2}store/);
    expect(header).toMatch(/\n-- ARGV {2}now or ''/);
    if (/\n *return [^\n]+\s*$/.test(source)) expect(header).toMatch(/\n-- Returns {2}\S/);
  });

  it.each(scripts)('%s uses parts that there are, each after those it needs', (name) => {
    const used = usedBy(name);
    const order = [
      'store',
      'look',
      'queue',
      'readers',
      'types',
      'commands',
      'page',
      'foreign',
      'schedule',
      'order',
      'metered',
      'header',
      'aside',
      'counters',
      'bounded',
      'publish',
      'workers',
      'record',
      'run',
      'life',
      'account',
      'outcome',
      'instances',
      'stretches',
    ].filter(
      (part) =>
        !['header', 'look', 'queue', 'readers', 'metered', 'schedule', 'order', 'workers', 'stretches'].includes(
          part,
        ) || used.includes(part),
    );
    expect([...used].sort((one, other) => order.indexOf(one) - order.indexOf(other))).toEqual(used);
    expect(used.filter((part) => !parts.includes(part))).toEqual([]);
    const needs = used.includes('instances') ? order : used;
    expect(used).toEqual(needs);
    if (used.includes('life'))
      expect(['page', 'aside', 'counters', 'record', 'run'].filter((part) => !used.includes(part))).toEqual([]);
    expect(used.includes('counters')).toBe(used.includes('publish') || used.includes('life'));
    expect(used.includes('page')).toBe(
      used.some((part) => ['publish', 'run'].includes(part)) || /\b(fetch|get|set)\('/.test(sourceOf(name)),
    );
  });

  it.each(scripts)('%s writes what it changed in its page, as its last act', (name) => {
    const source = sourceOf(name);
    const isWriting = usedBy(name).includes('page') && !/^#!lua flags=no-writes/.test(source);
    expect(/\n(return )?flush\([^\n]*\)\n$/.test(source)).toBe(isWriting);
    // A value that a page holds is read and changed only through the page, which would not see other calls.
    if (!usedBy(name).includes('page')) return;
    const held = [...source.matchAll(/\b(?:fetch|get|set)\('(\w+)'/g)].map(([, key]) => key);
    const direct = [
      ...source.matchAll(/redis\.p?call\('(?:HM?GET|HSET|HDEL|HINCRBY|HEXISTS|ZADD|ZREM|ZM?SCORE)', key\('(\w+)'\)/g),
    ].map(([, key]) => key);
    expect(direct.filter((key) => held.includes(key))).toEqual([]);
  });

  it('break off before they write, where a key that a page holds is of another type', () => {
    const sources = [...scripts, ...parts.map((part) => `lib/${part}`)].map(sourceOf).join('\n');
    const held = [...sources.matchAll(/\b(?:fetch|get|set)\('(\w+)'/g)].map(([, key = '']) => key);
    const checked = [...sourceOf('lib/types').matchAll(/'([a-z]+)'/g)].map(([, key]) => key);
    expect([...new Set(held)].filter((key) => !checked.includes(key))).toEqual([]);
    expect(held).toContain('bodies');
  });

  it('write what the ledger holds of runs in one place, lib/life', () => {
    const owned = `(?:key\\()?(?:'(?:runs|bodies|outbox|leases|progress|waiting|instances)'|'live:|liveKey)`;
    const writes = [
      `\\b(?:set\\w*|remove\\w*)\\(${owned}`,
      `'(?:SET|APPEND|H?DEL|UNLINK|RENAME|HSET|HINCRBY|ZADD|ZINCRBY|ZREM\\w*)', ${owned}`,
      `\\{[^{}]*${owned}[^{}]*\\}\\) do (?:set|redis\\.call\\('(?:H?DEL|ZREM))`,
      `'live:`,
    ];
    const isWriting = new RegExp(writes.join('|'));
    const all = [...scripts, ...parts.map((part) => `lib/${part}`)];
    const writing = all.filter((name) => !/^#!lua flags=no-writes/.test(sourceOf(name)));
    expect(writing.filter((name) => isWriting.test(sourceOf(name)))).toEqual(['lib/life']);
  });

  it("read BullMQ's keys in one place, lib/queue", () => {
    const all = [...scripts, ...parts.map((part) => `lib/${part}`)];
    expect(all.filter((name) => /'q:|'finishedOn'|'prioritized'/.test(sourceOf(name)))).toEqual(['lib/queue']);
  });

  it('use each part', () => {
    const used = new Set(scripts.flatMap(usedBy));
    expect(parts.filter((part) => !used.has(part))).toEqual([]);
  });

  it.each([...scripts, ...parts.map((part) => `lib/${part}`)])(
    '%s names keys that are in the one list of keys',
    (name) => {
      const { base, ...keys } = keysOf('p', 's');
      const known = Object.values(keys).map((key) => key.replace(base, ''));
      // A key with BullMQ's prefix and a colon.
      known.push('q:');
      const named = [...sourceOf(name).matchAll(/\b(?:key|channel)\('([^']+)'\)/g)].map(([, key = '']) => key);
      expect(named.filter((key) => !known.includes(key))).toEqual([]);
    },
  );

  it('publish on channels of their own database only', () => {
    const published = [...scripts, ...parts.map((part) => `lib/${part}`)].flatMap((name) => [
      ...sourceOf(name).matchAll(/'S?PUBLISH', ([\w.]+)/g),
    ]);
    // `of` keeps the result of `channel`.
    expect(new Set(published.map(([, by]) => by))).toEqual(new Set(['channel', 'of.channel']));
    expect(sourceOf('lib/publish')).toContain(`channel = channel('events:') .. kind`);
    expect(published.length).toBeGreaterThan(8);
  });

  it('read no clock that a test cannot replace', () => {
    const clocks = [...scripts, ...parts.map((part) => `lib/${part}`)].filter((name) =>
      sourceOf(name).includes("'TIME'"),
    );
    expect(clocks).toEqual(['lib/store']);
  });
});
