import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { allCommands, commandLine } from '../../integration/cli/commands.js';
import { readPage } from './markdown.js';
import { calledIn } from './shell.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const inFolder = (folder: string) =>
  readdirSync(`${root}${folder}`).flatMap((file) => (file.endsWith('.md') ? `${folder}/${file}` : []));
const pages = [
  ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'examples/README.md'],
  ...inFolder('docs'),
  ...inFolder('docs/contributing'),
  ...readdirSync(`${root}packages`).map((name) => `packages/${name}/README.md`),
].map((page) => ({ page, text: readFileSync(root + page, 'utf8') }));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };

/** Programs that are not ours. A program that is not listed may be a misspelt one of ours. */
const OTHERS = ['crontab', 'curl', 'docker', 'jq', 'mkdir', 'openssl', 'redis-cli', 'redis-server'];

/** Returns the arguments of `carillon` in a call, or undefined if the call is of another program. */
function ofCarillon([program, ...args]: readonly string[]): readonly string[] | undefined {
  if (program === 'carillon') return args;
  if (program === 'npx') return args[0] === 'carillon' ? args.slice(1) : undefined;
  const isRun = program === 'docker' && (args[0] === 'run' || (args[0] === 'compose' && args[1] === 'exec'));
  const at = isRun ? args.indexOf('carillon') : -1;
  return at < 0 ? undefined : args.slice(at + 1);
}

/** Returns why the command line refuses these arguments, or undefined if it takes them. No command is carried out. */
async function refusalOf(args: readonly string[]): Promise<string | undefined> {
  const program = await commandLine((name) => args.includes(name));
  disarm(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : error.message;
  }
}

function disarm(command: Command): void {
  const { _actionHandler: acts } = command as unknown as { readonly _actionHandler: unknown };
  if (acts) command.action(() => {});
  for (const one of command.commands) disarm(one);
}

/** Returns why a call in a block of shell code cannot work, or undefined if it may. */
async function faultOf(call: readonly string[], page: string): Promise<string | undefined> {
  const args = ofCarillon(call);
  if (args) return refusalOf(args);
  const [program = '', first = '', second = ''] = call;
  if (program === 'npm') {
    if (first === 'run' && !(second in scripts)) return `package.json has no script ${second}`;
    return ['run', 'test', 'install', 'init', 'pkg', 'ci'].includes(first)
      ? undefined
      : `npm ${first} is not known here`;
  }
  if (program === 'npx' && first === 'vitest') {
    return call.filter((word) => word.endsWith('.test.ts')).find((file) => !existsSync(root + file));
  }
  if (program === 'node') {
    const isShown = readPage(readFileSync(root + page, 'utf8')).blocks.some(({ code }) => code.includes(first));
    return existsSync(root + first) || isShown ? undefined : `there is no file ${first}, and the page shows none`;
  }
  return OTHERS.includes(program) ? undefined : `${program} is not known here`;
}

const blocks = pages.flatMap(({ page, text }) =>
  readPage(text).blocks.flatMap(({ language, code }) => (language === 'sh' ? [{ page, code }] : [])),
);

it('finds the blocks of shell code', () => {
  expect(blocks.length).toBeGreaterThan(50);
});

it.each(blocks)('each command of a block of $page is one that works', async ({ page, code }) => {
  const faults: string[] = [];
  for (const call of await calledIn(code)) {
    const fault = await faultOf(call, page);
    if (fault !== undefined) faults.push(`${call.join(' ')}: ${fault}`);
  }
  expect(faults).toEqual([]);
});

it('finds what does not work', async () => {
  const calls = await calledIn(
    `carillon jobs lst | jq .\nexport A=1; npx carillon events --tpye "$A b"; carilon x > file\n`,
  );
  expect(calls).toContainEqual(['npx', 'carillon', 'events', '--tpye', '1 b']);
  const faults = await Promise.all(calls.map((call) => faultOf(call, 'README.md')));
  expect(faults.filter((fault) => fault !== undefined)).toHaveLength(3);
  for (const part of ['carilon is not known here', "unknown option '--tpye'", "unknown command 'lst'"]) {
    expect(faults).toContainEqual(expect.stringContaining(part));
  }
  await expect(calledIn('carillon "jobs')).rejects.toThrow(/unexpected EOF/);
  expect(await refusalOf(['jobs', 'list', '--limit', 'many'])).toContain('--limit');
  expect(await refusalOf(['runs', 'wait'])).toContain('missing required argument');
});

/** Commands inside sentences. They may be incomplete, and have `<names>` for a reader's values. */
const spans = pages.flatMap(({ page, text }) => {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  const found = [...prose.matchAll(/`(?:npx )?carillon ([^`]+)`/g)].map(([, rest = '']) =>
    rest.replaceAll(/\s+/g, ' '),
  );
  return [...new Set(found)].map((span) => ({ page, span }));
});

it('each command in a sentence is there, and has these options', async () => {
  const known = (await allCommands()).map(({ path, command }) => ({ path, command }));
  expect(spans.length).toBeGreaterThan(30);
  const faults = spans.flatMap(({ page, span }) => {
    const [own = ''] = span.split(' | ');
    const words = own.split(' ').filter((word) => /^[a-z]/.test(word));
    const isBelow = (path: readonly string[]) => path.every((name, at) => words[at] === name);
    const found = known.filter(({ path }) => isBelow(path)).at(-1);
    const isGroup = known.some(({ path }) => words.length > 0 && words.every((word, at) => path[at] === word));
    const options = own.match(/(?<= |^)--[a-z][\w-]*/g) ?? [];
    const isGlobal = options.every((option) => ['--help', '--version'].includes(option));
    if (words.length === 0 && isGlobal) return [];
    if (!found && !isGroup) return [`${page}: ${span}: there is no such command`];
    const longs = found?.command.options.map(({ long }) => long) ?? [];
    return options.flatMap((option) =>
      option === '--help' || longs.includes(option) ? [] : [`${page}: ${span}: it has no ${option}`],
    );
  });
  expect(faults).toEqual([]);
});
