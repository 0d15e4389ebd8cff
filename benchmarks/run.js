// npm run bench [-- NAME …] [--quick] [--metrics] [--load RUNS …] [--of CONTENDER …] [--json FILE]: see README.md.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { adding } from './adding.js';
import { ceiling } from './ceiling.js';
import { finding } from './finding.js';
import { herd } from './herd.js';
import { idle } from './idle.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import { overload } from './overload.js';
import { stored } from './stored.js';
import { takeover } from './takeover.js';

const BENCHMARKS = { ceiling, herd, stored, finding, overload, idle, adding, takeover, memory };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    metrics: { type: 'boolean', default: false },
    load: { type: 'string', multiple: true },
    of: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

const loads = values.load?.map(Number);
if (loads?.some((load) => !Number.isInteger(load) || load < 1)) {
  console.error(`--load: ${values.load.join(', ')} is not a whole number of runs a second, or several`);
  process.exit(2);
}
const options = {
  quick: values.quick,
  metrics: values.metrics,
  only: loads ? { loads, names: values.of } : null,
};

const report = { machine: machine(), quick: values.quick };
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)) {
  console.log(`\n${name}`);
  report[name] = await BENCHMARKS[name](options);
  for (const rows of Object.values(report[name])) console.table(rows);
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
