import { counted, ofNumber } from '../../counted.js';
import { lengthText } from '../../duration-text.js';
import type { InspectedRun } from '../../scheduler/inspection.js';
import type { StoreFacts } from '../facts.js';
import { type Finding, LATE_MS } from '../finding.js';
import { dueForMs } from './load.js';

/** A run that takes this many times as long as the last one is far over its usual time. */
const FAR_OVER = 10;

/** Jobs of which as many runs run as may, one of them for far longer than usual: what fires meanwhile does not run. */
export function instancesHeld({ inspection, usual: usuals }: StoreFacts): Finding[] {
  const { jobStore, now, runs } = inspection;
  const running = new Map<string, InspectedRun[]>();
  for (const run of runs) {
    if (run.jobId === null || run.state !== 'running') continue;
    running.set(run.jobId, [...(running.get(run.jobId) ?? []), run]);
  }
  return [...running].flatMap(([jobId, its]): Finding[] => {
    const usual = usuals.get(jobId);
    const longest = its.reduce((one, other) => (dueForMs(other, now) > dueForMs(one, now) ? other : one));
    const lastsMs = dueForMs(longest, now);
    const most = longest.maxInstances ?? 1;
    const isFarOver = usual !== undefined && lastsMs > LATE_MS && lastsMs > FAR_OVER * usual.ms;
    if (!isFarOver || its.length < most) return [];
    const held = `job ${JSON.stringify(jobId)} may have ${counted(most, 'live run')}, and has ${ofNumber(most, 'it', 'them')}`;
    const finding = `${held}: run ${longest.runId} was due ${lengthText(lastsMs)} ago and still runs; ${usual.inWords}`;
    const whatToDo = `What fires meanwhile does not run. Look at the run, \`carillon runs show ${longest.runId}\`, end it by \`carillon runs cancel ${longest.runId}\`, and give the job a \`--timeout\`.`;
    return [{ level: 'warning', code: 'instances_held', jobStore, finding, whatToDo }];
  });
}
