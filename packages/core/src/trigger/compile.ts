import { type CompiledTrigger, type CompileOptions, compiledTrigger, type NextMs } from './compiled-trigger.js';
import { conjunctionsOf } from './conjunctions.js';
import { checkForm } from './form.js';
import { compileLeaf, type Leaf } from './leaf.js';
import { nextCommon } from './next-common.js';
import { type Trigger, triggerSchema } from './trigger.js';

/**
 * Checks a trigger, which may come from anywhere, and makes what answers `next`.
 * @throws InvalidTriggerError that names the field, the value and what is allowed.
 */
export function compileTrigger(trigger: Trigger, options: CompileOptions = {}): CompiledTrigger {
  const checked = checkForm(triggerSchema, trigger);
  if (checked.type !== 'and' && checked.type !== 'or') {
    const { nextMs, jitterMs } = compileLeaf(checked, options);
    return compiledTrigger(nextMs, () => jitterMs, options.jobId);
  }
  const conjunctions = conjunctionsOf(checked, (leaf) => compileLeaf(leaf, options));
  const jitterMs = (fireTime: number) => Math.max(0, ...conjunctions.map((leaves) => jitterOf(leaves, fireTime)));
  return compiledTrigger(earliest(conjunctions.map(nextOfAll)), jitterMs, options.jobId);
}

function nextOfAll(leaves: readonly Leaf[]): NextMs {
  const [only, ...others] = leaves;
  return only && others.length === 0 ? only.nextMs : nextCommon(leaves);
}

function earliest(nexts: readonly NextMs[]): NextMs {
  return (after) => {
    let first: number | null = null;
    for (const nextMs of nexts) {
      const fireTime = nextMs(after);
      if (fireTime !== null && (first === null || fireTime < first)) first = fireTime;
    }
    return first;
  };
}

/** The largest jitter of triggers that name a fire time together; 0 where not all of them name it. */
function jitterOf(leaves: readonly Leaf[], fireTime: number): number {
  const jitterMs = Math.max(...leaves.map((leaf) => leaf.jitterMs));
  if (jitterMs === 0) return 0;
  return leaves.every(({ nextMs }) => nextMs(fireTime - 1) === fireTime) ? jitterMs : 0;
}
