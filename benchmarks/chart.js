// node benchmarks/chart.js: draws what `npm run bench -- ceiling --json benchmarks/results/ceiling.json` found.
import { readFile, writeFile } from 'node:fs/promises';
import { latenessChart } from './lateness-chart.js';

const results = new URL('results/', import.meta.url);
const { ceiling } = JSON.parse(await readFile(new URL('ceiling.json', results), 'utf8'));
await writeFile(new URL('lateness.svg', results), latenessChart(ceiling));
