import { type RunPayload, runPayloadSchema } from '@carillon/core/internal';

/** How many are remembered, and how long each is at most. */
const MOST = 1_000;
const LONGEST = 2_000;

/** What each text says that was read lately, oldest first. */
const known = new Map<string, RunPayload | null>();

/** What a run keeps of its job; null if it cannot be read. The arguments are not shared with another run. */
export function decodePayload(json: string): RunPayload | null {
  const found = known.get(json);
  if (found === undefined) return remembered(json, read(json));
  if (found === null || isPlain(found)) return found;
  const { args, kwargs } = JSON.parse(json);
  return { ...found, args, kwargs };
}

function remembered(json: string, payload: RunPayload | null): RunPayload | null {
  if (json.length > LONGEST) return payload;
  const [oldest] = known.keys();
  if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
  // The arguments are the task's: it may change them.
  known.set(json, payload && (isPlain(payload) ? payload : { ...payload, args: [], kwargs: {} }));
  return payload;
}

/** Whether a task that is given the arguments, one by one, cannot change them. */
function isPlain({ args, kwargs }: RunPayload): boolean {
  return kwargs === undefined && args.every((arg) => typeof arg !== 'object' || arg === null);
}

function read(json: string): RunPayload | null {
  try {
    return runPayloadSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
