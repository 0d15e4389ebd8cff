import { readJournal } from '../journal.js';
import { overlapsOf } from '../overlaps.js';
import { showTable } from '../table.js';
import { agrees, compare } from '../tally.js';

/** Counts. Returns whether every fire time is accounted for. @param {import('../story.js').Show} show */
export async function reckon(show) {
  const { stage, narrator, observer, rows, limit } = show;
  const isOver = () => observer.isIdle && agrees(rowsOf(show));
  await stage.unlessFailed(observer.until(isOver, Math.max(1_000, limit - stage.now())));
  rows.end();
  // Whatever might still come, a repeated call for instance, has come once the workers have ended in good order.
  await stage.cluster.shutdown();

  const result = rowsOf(show);
  narrator.act('6. The reckoning');
  narrator.say(
    'expected: from the triggers and the moments of adding and removing, by plain arithmetic. ran, failed: as the tasks ' +
      'themselves wrote down in a file that Carillon knows nothing of. The others did not run by design, as events reported.',
  );
  narrator.line();
  showTable(narrator, result);
  narrator.line();
  return verdict(show, result);
}

function rowsOf({ stage, roster, observer }) {
  return compare({ expected: roster.expected(), calls: readJournal(stage.journal), notRun: observer.notRun });
}

function verdict({ stage, narrator, observer }, rows) {
  const calls = readJournal(stage.journal);
  const overlaps = overlapsOf(calls, 'slow');
  const differences = rows.flatMap(({ jobId, differences }) => differences.map((one) => `${jobId}: ${one}`));
  if (overlaps > 0) differences.push(`slow: ${overlaps} runs overlapped another one`);
  if (differences.length === 0) {
    const total = rows.reduce((sum, { expected }) => sum + expected, 0);
    const by = (worker) => calls.filter((call) => call.worker === worker).length;
    narrator.say(
      narrator.paint(['bold', 'green'], `Each of ${total} fire times has exactly one outcome: none lost, none twice.`),
    );
    narrator.say(
      `Worker A made ${by('A')} of the ${calls.length} calls, worker B ${by('B')}. No two calls of slow overlapped.`,
    );
    return true;
  }
  narrator.fail('What was seen is not what was expected:');
  for (const difference of differences) narrator.line(`  ${difference}`);
  if (observer.lost > 0) narrator.line(`  (${observer.lost} events were published that the demo did not receive)`);
  return false;
}
