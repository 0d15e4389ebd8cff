// Imports examples one after the other, and says in between where each begins. Ends by itself, unless one of them left something open.
const [...examples] = process.argv.slice(2);
const prefix = process.env.CARILLON_PREFIX;

for (const [index, example] of examples.entries()) {
  process.env.CARILLON_PREFIX = `${prefix}-${index}`;
  process.stdout.write(`\0${index}\0`);
  await import(example);
}
