import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);

/** Words that the house style of CONTRIBUTING.md does not use, each with the reason. There are no exceptions. */
const BANNED: readonly (readonly [words: RegExp, why: string])[] = [
  [/\b(?:tells?|told|telling)\b/gi, 'say which: publish, report, log, print, return, show'],
  [/\b(?:comes?|came|coming)\s+to\b/gi, 'say is, results in, reaches or gets'],
  [/\b(?:stands?|stood|standing)\s+for\b/gi, 'say matches, replaces or means'],
  [/\banew\b/gi, 'say again'],
  [/\b(?:becomes?|became)\s+of\b/gi, 'say outcome, how it ends, or what happens to'],
  // "Answers" as a noun begins few sentences.
  [/\bAnswers\b(?! (?:go|to)\b)/g, 'of a function, say Returns'],
  [/\blet(?:s|ting)?\s+go\s+of\b(?! it\b)/gi, 'say drop, remove, release or forget'],
  [/\blets?\s+be\b/gi, 'say leave alone'],
  [/\ball\s+the\s+same\b(?!\s+\w)/gi, 'say anyway, or still'],
  [/\bought\b/gi, 'say should'],
  [/\bheed(?:s|ed|ing)?\b/gi, 'say obey, or react to'],
  [/\bin\s+vain\b/gi, 'say what does not happen'],
  [/\bwork(?:s|ed|ing)?\s+off\b/gi, 'say work through'],
  [/\bwhose\s+every\b/gi, 'say all of whose'],
  [/\bwhom\b/gi, 'name the actor'],
  [
    /\b(?:some|no|any|every)body\b|\b(?:some|any|every)one\b|\bno\s+one\b/gi,
    'name the actor: a caller, no worker, all members',
  ],
  // A question may begin with it.
  [/(?:^|[.:;!(]\s+)Who\s(?![^.;]*\?)/g, 'name the actor: the caller, a worker that'],
  [/\bwhoever\b|\b(?:for|than|from|with|at|by)\s+who\b/gi, 'name the actor: the caller, a client, a worker that'],
  [/\bso\s+(?:many|much|few|often)\b(?![^.;:]*\bthat\b)/gi, 'name the number: the most …, at most `limit`'],
  [
    /\b(?:for|in)\s+so\s+long\b|\bso\s+long\s+(?:ago|from|after|before)\b/gi,
    'name the duration: how long …, after this long',
  ],
  [
    /(?:[,;]|\b(?:and|which))\s+answers\b(?!\s+of\b)|\banswers\s+(?:alike|what|how|for)\b/g,
    'of a function, say returns',
  ],
  [
    /(?<!\bthere[\s*/-]+)\b(?:is|are|was|were)\s+no\s+(?!longer\b|more\b|other\b|later\b|such\b)[a-z]/gi,
    'say is not a …',
  ],
  [/(?<!\bthere[\s*/-]+)\b(?:is|are|was|were)\s+none\b(?!\s+of\b)/gi, 'say is not a …, is wrong, or cannot be read'],
  [/\bbesides\b/gi, 'say too, also, in addition to, or apart from'],
  [
    /\bjust\s+now\b|\(any\s+more\)|\bby\s+then\b|\bof\s+late\b|\bby\s+turns\b/gi,
    'say now, at that time, lately, in turn',
  ],
  [/\blet\s+go\b(?!\s+of\b)/gi, 'say dropped, removed or released'],
  [/\bas\s+against\b/gi, 'say compared with'],
  [/\bwith\s+why\b/gi, 'say with the reason'],
  [/\bas\s+(?:much|many)\s+again\b/gi, 'say another, and the number'],
  [/\bat\s+one\s+stroke\b/gi, 'say in one step, or at once'],
  [/\bbe\s+(?:they|it)\b/gi, 'say also, even if, or whether'],
  [/\bwithout\s+a\s+word\b/gi, 'say silently, or what is not reported'],
  [/\bseldom\b/gi, 'say rarely'],
  [/\bsome\s+(?:\d|ten\b|a\s+dozen\b)/gi, 'say about'],
  [/\bdearer?\b/gi, 'say more expensive'],
];

function bannedIn(text: string): readonly string[] {
  return BANNED.flatMap(([words, why]) => (text.match(words) ?? []).map((found) => `"${found}": ${why}`));
}

/** Comments, docstrings and literals of a source, in its order. The expressions of templates are left out. */
const TOKENS =
  /(\/\*\*[\s\S]*?\*\/)|(\/\*[\s\S]*?\*\/|(?<![^\s;,({])\/\/.*)|('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)/g;

interface Texts {
  readonly docs: readonly string[];
  readonly comments: readonly string[];
  readonly literals: readonly string[];
}

function textsOf(source: string): Texts {
  const tokens = [...source.matchAll(TOKENS)];
  return {
    docs: tokens.flatMap(([, doc]) => doc ?? []),
    comments: tokens.flatMap(([, , comment]) => comment ?? []),
    // A literal without a blank is a name.
    literals: tokens
      .flatMap(([, , , text]) => text?.replaceAll(/\$\{[^{}]*\}/g, '…') ?? [])
      .filter((text) => text.includes(' ')),
  };
}

/** This file quotes the banned words. */
const OWN = 'test/unit/docs/plain-english.test.ts';

const sources = ['packages', 'examples', 'benchmarks', 'scripts', 'test']
  .flatMap((folder) => readdirSync(new URL(folder, root), { recursive: true }).map((file) => `${folder}/${file}`))
  .filter((file) => !file.includes('/node_modules/') && file !== OWN)
  .filter((file) =>
    /^(?:packages\/[\w-]+\/(?:src|page)|test)\/.*\.tsx?$|^(?:examples|benchmarks|scripts)\/.*\.m?js$/.test(file),
  );

function foundIn(kind: keyof Texts, files = sources): readonly string[] {
  return files.flatMap((file) => {
    const texts = textsOf(readFileSync(new URL(file, root), 'utf8'))[kind];
    return texts.flatMap((text) => bannedIn(text).map((one) => `${file}: ${one}, in ${text.slice(0, 200)}`));
  });
}

/** The house style quotes the banned words. Code of other languages has its own words. */
const withoutHouseStyle = (text: string) =>
  text.replace(/^## House style$[\s\S]*?^(?=## )/m, '').replace(/^```python$[\s\S]*?^```$/gm, '');

it('finds each kind of word, also across lines, and leaves others alone', () => {
  const text =
    'An event tells it, and what was\ntold stands\nfor it anew: what becomes of it comes\nto whoever asks, for who reads. Answers null.';
  expect(bannedIn(text)).toHaveLength(9);
  const more =
    "It lets go of\nwhat is let be all the same: it ought to heed whom a job, whose every run is nobody's, worked off in vain.";
  expect(bannedIn(more)).toHaveLength(10);
  const actors = 'Who asks is somebody: no one else, nobody. Who knows? Someone.';
  expect(bannedIn(actors)).toHaveLength(5);
  const amounts =
    'So many jobs are kept for so long; so often, so long ago. So many that it fits, and there\n * is no room.';
  expect(bannedIn(amounts)).toHaveLength(4);
  const rest =
    'It is no alias, which is\nnone; it waits, answers alike, besides; let go by then, just now, of late, by turns (any more).';
  expect(bannedIn(rest)).toHaveLength(10);
  const riddles =
    'Some 20 are dearer, as against ten and as many again, be they\nseldom added at one stroke or gone without a word, with why.';
  expect(bannedIn(riddles)).toHaveLength(9);
  expect(bannedIn('Some of them are rare; why, and with what? At some point it may be theirs.')).toEqual([]);
  expect(
    bannedIn(
      'A worker understands formats, renews, becomes official; who leads decides what comes together. Answers go out; all the same types go on.',
    ),
  ).toEqual([]);
  expect(withoutHouseStyle('# A\n## House style\ntold\n## B\nb')).toBe('# A\n## B\nb');
});

it('documents are in plain English', () => {
  const all = readdirSync(new URL('docs', root), { recursive: true }).map(String);
  // The API reference is generated from docstrings.
  const pages = all.filter((file) => file.endsWith('.md') && !/^api\b/.test(file));
  const files = [
    ...[
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'benchmarks/README.md',
      'examples/README.md',
    ],
    ...pages.map((file) => `docs/${file}`),
  ];
  const found = files.flatMap((file) => {
    const text = withoutHouseStyle(readFileSync(new URL(file, root), 'utf8'));
    return bannedIn(text).map((one) => `${file}: ${one}`);
  });
  expect(files.length).toBeGreaterThan(15);
  expect(found).toEqual([]);
});

it('finds the comments, docstrings and literals of a source', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of one
  const code = "/** Doc's. */\nconst a = 'a b', told = `of ${told(1)} and b`; // note\nf('one two'); /* b */";
  expect(textsOf(code)).toEqual({
    docs: ["/** Doc's. */"],
    comments: ['// note', '/* b */'],
    literals: ["'a b'", '`of … and b`', "'one two'"],
  });
});

it('messages, log lines and help are in plain English', () => {
  expect(sources.length).toBeGreaterThan(500);
  // Most literals of a test file are data. Those of what tests share are messages, such as an auditor's.
  expect(
    foundIn(
      'literals',
      sources.filter((file) => !file.endsWith('.test.ts')),
    ),
  ).toEqual([]);
});

it('docstrings are in plain English', () => {
  expect(foundIn('docs')).toEqual([]);
});

it('comments are in plain English, those of scripts too', () => {
  const lua = readdirSync(new URL('packages/redis/lua', root), { recursive: true }).map(String);
  const scripts = lua.filter((file) => file.endsWith('.lua'));
  const found = scripts.flatMap((file) => {
    const source = readFileSync(new URL(`packages/redis/lua/${file}`, root), 'utf8');
    const comments = (source.match(/--.*/g) ?? []).map((line) => line.slice(2)).join('\n');
    return bannedIn(comments).map((one) => `${file}: ${one}`);
  });
  expect(scripts.length).toBeGreaterThan(50);
  expect([...foundIn('comments'), ...found]).toEqual([]);
});

it('titles of tests are in plain English', () => {
  const title = /\b(?:it|test|describe)(?:\.\w+)*(?:\((?:[^()]|\([^()]*\))*\))?\(\s*(['"`])((?:(?!\1)[^\\\n]|\\.)*)\1/g;
  const tests = readdirSync(new URL('test', root), { recursive: true }).map(String);
  const titles = tests
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const source = readFileSync(new URL(`test/${file}`, root), 'utf8');
      return [...source.matchAll(title)].map(([, , text = '']) => ({ file, text }));
    });
  expect(titles.length).toBeGreaterThan(1_500);
  expect(titles.flatMap(({ file, text }) => bannedIn(text).map((one) => `${file}: ${one}, in ${text}`))).toEqual([]);
});
