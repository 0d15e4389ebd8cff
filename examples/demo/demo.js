// npm run demo: a cluster at work for half a minute. Exit code 0 only if each fire time is accounted for. With --console, the console of
// that cluster is open meanwhile, and afterwards until Ctrl-C.
import { Interruption, interrupted } from './interruption.js';
import { Narrator } from './narrator.js';
import { Stage } from './stage.js';
import { play } from './story.js';

const narrator = new Narrator(process.stdout);
const stage = new Stage(narrator);
const interruption = interrupted();
let exitCode = 1;
try {
  const hasConsole = process.argv.includes('--console');
  const isAgreed = await Promise.race([play(stage, { hasConsole }), interruption]);
  exitCode = isAgreed ? 0 : 1;
  if (hasConsole) {
    narrator.line();
    narrator.say('The console, and the cluster, stay until Ctrl-C.');
    await interruption.catch(() => {});
  }
} catch (error) {
  narrator.line();
  narrator.fail(error instanceof Error ? error.message : String(error));
  if (error instanceof Interruption) exitCode = error.exitCode;
} finally {
  narrator.silence();
  await stage.clear();
}
process.exit(exitCode);
