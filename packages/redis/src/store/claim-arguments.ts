import {
  type Claim,
  encodeBody,
  encodeState,
  isState,
  members,
  TOMBSTONE_LIFE_MS,
  textsOf,
} from '@carillon/core/internal';
import { inLines } from './event-lines.js';
import type { ScriptArgument } from './script-call.js';

interface ClaimParams {
  readonly jobStore: string;
  readonly epoch: number;
  readonly claims: readonly Claim[];
  /** The store's `rev` at which all these jobs are known to be what their claims expect; '': some may not be. */
  readonly knownAsOf: string | number;
}

/**
 * Returns the arguments of `claim.lua`, in the order of its header: a column for each member of the claims, and last what only few claims
 * have. If the store could not read the state of a run, returns the id of the first such run instead.
 */
export function claimArguments({
  jobStore,
  epoch,
  claims,
  knownAsOf,
}: ClaimParams): readonly ScriptArgument[] | { readonly refused: string } {
  const states: ScriptArgument[] = [];
  const submitted: string[] = [];
  for (const { run, deliveryId } of claims) {
    const texts = run && textsOf(jobStore, run);
    const state = texts ? encodeState(texts, run, deliveryId) : '';
    if (run && !isState(state)) return { refused: run.runId };
    states.push(run?.runId ?? '', state);
    submitted.push(texts ? `${texts.label},${texts.submission}` : '');
  }
  const args: ScriptArgument[] = [epoch, TOMBSTONE_LIFE_MS, claims.length, knownAsOf];
  for (const { id } of claims) args.push(id);
  for (const { expected } of claims) args.push(expected.rev);
  for (const { expected } of claims) args.push(expected.dueAt);
  for (const { id, next } of claims) args.push(next?.dueAt ?? '', id);
  for (const argument of states) args.push(argument);
  for (const { run } of claims) args.push(run?.runId ?? '', run ? encodeBody(run) : '');
  args.push(...inLines(submitted));
  for (const [at, claim] of claims.entries()) {
    const rare = rareOf(claim);
    if (rare !== '') args.push(at, rare);
  }
  return args;
}

/** Returns what only few claims have, as the script reads it; '' for most claims. */
function rareOf({ next, run, tombstone, events }: Claim): string {
  const [missed, removed] = [
    events.missed && members(events.missed.about),
    events.removed && members(events.removed.about),
  ];
  const range = run?.coalesced ?? null;
  const coalesced = range && `${range.first}-${range.last}>${run?.fires[0]?.fireTime}`;
  const cursor = next && next.fireTime !== next.dueAt ? String(next.fireTime) : null;
  const overlap = run && run.overlap !== 'skip' ? run.overlap : null;
  if (!(cursor || missed || tombstone || overlap)) return `${coalesced ?? ''}${removed === null ? '' : `!${removed}`}`;
  if (missed && !(cursor || removed || tombstone || overlap || coalesced)) return `?${missed}`;
  const rare = Object.entries({ cursor, missed, removed, tombstone, overlap }).filter(([, value]) => value !== null);
  if (coalesced !== null) rare.push(['coalesced', coalesced]);
  return JSON.stringify(Object.fromEntries(rare));
}
