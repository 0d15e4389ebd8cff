import { shiftedTo } from '../../trigger/clock-effect.js';
import { isComposite, kindOf } from '../../trigger/trigger.js';
import type { Revision } from '../revision.js';

/** The text and the evidence for a fire time that a clock change has moved; null if none has. */
export function shiftOf(revision: Revision | null, jobId: string, instant: number) {
  const { trigger, timezone, anchor } = revision?.definition ?? {};
  if (!trigger || isComposite(trigger)) return null;
  const { clock } = kindOf(trigger).compile(trigger, { jobId, timezone, now: new Date(anchor ?? 0) });
  const shift = clock ? shiftedTo(clock, instant) : null;
  if (!shift) return null;
  return {
    text: `It was to run at ${shift.wallClock}, which the clock of ${shift.timezone} skipped.`,
    evidence: { clockChange: { ...shift, changeAt: new Date(shift.changeAt), firesAt: new Date(instant) } },
  };
}
