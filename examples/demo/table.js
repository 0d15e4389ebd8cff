const HEADS = ['expected', 'seen', 'ran', 'failed', 'skipped', 'coalesced', 'missed'];
const NAME_WIDTH = 9;

/**
 * Expected against seen fire times of each job, and how what was seen is made up.
 * @param {import('./narrator.js').Narrator} narrator
 * @param {readonly import('./tally.js').Row[]} rows
 */
export function showTable(narrator, rows) {
  narrator.line(narrator.paint('bold', `${''.padEnd(NAME_WIDTH)}${HEADS.map(cell).join('')}`));
  for (const row of rows) showRow(narrator, row.jobId, row);
  const names = ['expected', 'seen', 'executed', 'failed', 'skipped', 'coalesced', 'missed'];
  const sums = names.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]);
  showRow(narrator, 'all', {
    ...Object.fromEntries(sums),
    differences: rows.flatMap(({ differences }) => differences),
  });
}

function showRow(narrator, name, { expected, seen, executed, failed, skipped, coalesced, missed, differences }) {
  const [heads, ...parts] = [`${expected}`, `${seen}`, executed, failed, skipped, coalesced, missed];
  const outcomes = [heads, ...parts].map((value) => (value === 0 ? '-' : String(value)));
  const verdict = differences.length === 0 ? narrator.paint('green', 'agrees') : narrator.paint('red', 'DIFFERS');
  narrator.line(`${name.padEnd(NAME_WIDTH)}${outcomes.map(cell).join('')}   ${verdict}`);
}

function cell(text, index) {
  return text.padStart(HEADS[index].length + (index === 0 ? 0 : 2));
}
