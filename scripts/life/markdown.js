/** Draws a run's life from the table in packages/core/src/run/life-table.ts. */
export function drawingOf(transitions) {
  const arrows = new Map();
  for (const { name, from, to } of transitions) {
    for (const state of from) {
      const arrow = `${state ?? '[*]'} --> ${to === 'ended' ? '[*]' : to}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), name]);
    }
  }
  const lines = [...arrows].map(([arrow, names]) => `  ${arrow}: ${names.join(', ')}`);
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}

const COLUMNS = ['runs', 'bodies', 'waiting', 'outbox', 'leases', 'progress', 'delivery', 'token', 'instance'];
const SIGNS = new Map([
  [true, 'yes'],
  [false, ''],
  ['either', 'may be'],
]);

/** A table of the keys and members by which each state is recognized. */
export function patternsOf(patterns) {
  const rows = Object.entries(patterns).map(([state, pattern]) => [
    state,
    ...COLUMNS.map((name) => SIGNS.get(pattern[name])),
  ]);
  return [['', ...COLUMNS.map((name) => `\`${name}\``)], ['', ...COLUMNS].map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const [BEGIN, END] = ['<!-- scripts/run-life.js writes this -->\n\n', '\n\n<!-- until here -->'];

/** Returns a document with its part on the states of a run's life replaced from the table. */
export function withLife(document, { patterns, transitions }) {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`the document has no place that begins with ${BEGIN}`);
  return [before, BEGIN, drawingOf(transitions), '\n\n', patternsOf(patterns), END, after].join('');
}
