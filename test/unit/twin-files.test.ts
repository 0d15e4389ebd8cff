import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const core = fileURLToPath(new URL('../../packages/core/', import.meta.url));
const redis = fileURLToPath(new URL('../../packages/redis/', import.meta.url));
const namesIn = (folder: string, ending: string) =>
  readdirSync(`${folder.startsWith('lua') ? redis : core}${folder}`)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
const twin = 'src/memory/store';
const twinOf = (script: string) => script.replaceAll('_', '-');
const inCamelCase = (script: string) => script.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const luaOf = (name: string) => readFileSync(`${redis}lua/${name}.lua`, 'utf8');
const sourceOf = (file: string) => readFileSync(`${core}${twin}/${file}.ts`, 'utf8');
const functionsOf = (source: string) =>
  [...source.matchAll(/^(?:export |local )?function (\w+)/gm)].map(([, name = '']) => name);

/** Files of the twin that match no script, and why. */
const ONLY_IN_MEMORY: Record<string, string> = {
  state: 'it holds the keys',
  scan: 'it is what HSCAN does',
  histories: 'it holds the keys result:<run id> and history:<job id>',
  'stored-job': 'a job as it is read: scripts give records as they are, and the adapter reads them',
  accounts: 'it holds the keys that begin with account',
};

/** Scripts that do for a few calls what another one does, with its name. In memory, they would gain nothing. */
const SHORTCUTS: Record<string, string> = { add: 'put', add_one: 'put' };

/** Parts of scripts, or functions of them, that have no meaning in memory, and why. */
const ONLY_IN_REDIS: Record<string, string> = {
  store: 'keys by their names',
  look: 'a reply is an object, not a list',
  queue: 'a queue in memory has its own rules',
  types: 'keys of another type',
  commands: 'a change is not a command',
  page: 'values are read where they are',
  stretches: 'items are done one by one',
  foreign: 'no other program writes to the memory of a process',
  schedule: 'SortedSet has it',
  order: 'SortedSet has it',
  header: 'a job is an object, not a text',
  counters: 'no counter can be anything else',
  publish: 'StoreState has it',
  'aside moveAway': 'keys of another type',
  'aside ownKey': 'keys of another type',
  'record beginningOf': 'a run is an object, not a text',
  'record isOfDelivery': 'a run is an object, not a text',
  'record firstStartOf': 'a run is an object, not a text',
  'record beginsBehindDelivery': 'a run is an object, not a text',
  'record beginningOfFixed': 'a run is an object, not a text',
  'record holderOf': 'a run is an object, not a text',
  'record countFires': 'a run is an object, not a text',
  'record headOf': 'a run is an object, not a text',
  'record decode': 'a run is an object, not a text',
  'record encode': 'a run is an object, not a text',
  'run fires': 'a run is an object, not a text',
  'life liveKey': 'keys of another type',
  'life admitAll': 'admit for a whole page of arguments',
  'life startAll': 'start for a whole page of arguments',
  'life finishAll': 'finish for a whole page of arguments',
  'account textOf': 'job/open-stretches.ts has it',
  'account readLast': 'job/open-stretches.ts has it',
  'account writeLast': 'job/open-stretches.ts has it',
  'account extend': 'job/open-stretches.ts has it',
  'account goOn': 'it is a shortcut',
  'account noteCoalesced': 'noteRange does it there',
  'account remembered': 'for the shortcut',
  'outcome dropFailures': 'FailureLog has it',
  'account writeGone': 'it is noted at once there: this is done once a call',
  'outcome isAsked': 'run/record.ts has it',
};

/** Functions that only the twin's parts have. */
const UNPAIRED = [
  'account isKept',
  'account revisionOf',
  'outcome letterOf',
  'record newRecord',
  'record ledgerRun',
  'life count',
];

describe('the in-memory twin of the scripts', () => {
  it('has a file and a function for each script, of the same name', () => {
    const all = namesIn('lua', '.lua');
    const scripts = all.filter((script) => SHORTCUTS[script] === undefined);
    expect(scripts).toEqual(expect.arrayContaining(Object.values(SHORTCUTS)));
    expect(all).toEqual(expect.arrayContaining(Object.keys(SHORTCUTS)));
    const missing = scripts.filter((script) => {
      const name = twinOf(script);
      const isThere = namesIn(twin, '.ts').includes(name);
      return !isThere || !new RegExp(`^export function ${inCamelCase(script)}[<(]`, 'm').test(sourceOf(name));
    });
    expect(missing).toEqual([]);
    const others = namesIn(twin, '.ts').filter((name) => !scripts.map(twinOf).includes(name));
    expect(others.sort()).toEqual(Object.keys(ONLY_IN_MEMORY).sort());
  });

  it('has what several scripts do in parts and functions of the same names', () => {
    const [parts, twins] = [namesIn('lua/lib', '.lua'), namesIn(`${twin}/lib`, '.ts')];
    expect(twins.filter((part) => !parts.includes(part))).toEqual([]);
    const missing = parts.flatMap((part) => {
      if (!twins.includes(part)) return [part];
      const there = functionsOf(sourceOf(`lib/${part}`));
      return functionsOf(luaOf(`lib/${part}`)).flatMap((name) => (there.includes(name) ? [] : `${part} ${name}`));
    });
    expect(missing.sort()).toEqual(Object.keys(ONLY_IN_REDIS).sort());
    const unpaired = twins.flatMap((part) => {
      const there = functionsOf(luaOf(`lib/${part}`));
      return functionsOf(sourceOf(`lib/${part}`)).flatMap((name) => (there.includes(name) ? [] : `${part} ${name}`));
    });
    expect(unpaired.sort()).toEqual([...UNPAIRED].sort());
  });

  it('writes what the ledger holds of runs in one place, lib/life', () => {
    const writes = /\b(?:runs|outbox|leases|progress|waiting|instances|live)\??\.(?:set|delete|clear)\(/;
    const files = [...namesIn(twin, '.ts'), ...namesIn(`${twin}/lib`, '.ts').map((part) => `lib/${part}`)];
    expect(files.filter((file) => writes.test(sourceOf(file)))).toEqual(['lib/life']);
  });
});
