import { compileTrigger, type Trigger } from '@carillon/core';

/** A fire time, and what there is to warn of at it. */
export interface Preview {
  readonly at: Date;
  readonly warning: string | null;
}

/** The fire times of a trigger after an instant, at most `count`. */
export function previewOf(
  trigger: Trigger,
  { after, count }: { readonly after: Date; readonly count: number },
): Preview[] {
  const compiled = compileTrigger(trigger);
  const found: Preview[] = [];
  for (let at = compiled.next(after); at && found.length < count; at = compiled.next(at)) {
    found.push({ at, warning: null });
  }
  return found;
}
