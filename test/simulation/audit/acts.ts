/** Turns in the life of a run or job that should happen often enough to be tested. */
export const ACTS = [
  'tried again',
  'tried again when its error said',
  'not tried again, as its error said',
  'timed out',
  'waited for an instance',
  'admitted after that',
  'displaced by a newer one',
  'replaced, not started',
  'replaced, started',
  'cancelled, not started',
  'cancelled, started',
  "ended with its job's limit",
  'result asked for',
  'changed while jitter delayed it',
  'held',
  'changed while it was held',
  'asked for beforehand',
  'asked for again',
  'asked for again, once it had ended',
  'set aside',
  'changed before it was set aside',
  'missed by one worker',
  'missed by all workers',
  'given back for want of its task',
  'ended for want of its task',
  'sent with others',
  'handed back before it began',
] as const;

export type Act = (typeof ACTS)[number];

/** Counts an act. */
export type Note = (act: Act) => void;
