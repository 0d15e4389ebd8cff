// Imports examples one after the other, and marks in its output where each begins and where all have ended. Ends by itself, unless an
// example left something open.
const [...examples] = process.argv.slice(2);
const prefix = process.env.CARILLON_PREFIX;

// The test sends this if the examples take too long.
process.once('SIGTERM', () => {
  process.stderr.write(`open: ${process.getActiveResourcesInfo().join(', ')}\n`);
  process.exit(1);
});

for (const [index, example] of examples.entries()) {
  process.env.CARILLON_PREFIX = `${prefix}-${index}`;
  separate(index);
  await import(example);
}
separate(examples.length);

function separate(index) {
  for (const stream of [process.stdout, process.stderr]) stream.write(`\0${index}\0`);
}
