// npm run bench -- --help prints its options; README.md explains what each benchmark measures.
import { writeFile } from 'node:fs/promises';
import { adding } from './adding.js';
import { ceiling } from './ceiling.js';
import { finding } from './finding.js';
import { herd } from './herd.js';
import { idle } from './idle.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import { benchOptions, usageOf } from './options.js';
import { overload } from './overload.js';
import { stored } from './stored.js';
import { takeover } from './takeover.js';

const BENCHMARKS = { ceiling, herd, stored, finding, overload, idle, adding, takeover, memory };

const NAMES = Object.keys(BENCHMARKS);

const options = optionsOf(process.argv.slice(2));
if (options) await run(options);
else console.log(usageOf(NAMES));

/** Returns the options; ends the process with exit code 2 if they are wrong. */
function optionsOf(args) {
  try {
    return benchOptions(args, NAMES);
  } catch (error) {
    console.error(`${error.message}\n\n${usageOf(NAMES)}`);
    return process.exit(2);
  }
}

async function run({ names, json, ...options }) {
  const report = { machine: machine(), quick: options.quick };
  for (const name of names) {
    console.log(`\n${name}`);
    report[name] = await BENCHMARKS[name](options);
    for (const rows of Object.values(report[name])) console.table(rows);
    if (json) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  }
}
