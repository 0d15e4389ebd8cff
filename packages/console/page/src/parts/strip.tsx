import type { OutcomesOfJob } from '../api/types';

const CELLS = 30;
const STEP = 5;
const HEIGHT = 20;
/** Failures are higher than successes, and missed fires hang from the top: colour alone says nothing. */
const SHAPES: Readonly<Record<string, readonly [y: number, height: number]>> = {
  executed: [8, 12],
  error: [0, 20],
  missed: [0, 10],
  cancelled: [12, 8],
  max_instances: [0, 6],
  coalesced: [16, 4],
};

/** The last outcomes of a job, newest at the end. */
export function Strip({ outcomes }: { readonly outcomes: OutcomesOfJob['outcomes'] | undefined }) {
  if (!outcomes) return null;
  if (outcomes.length === 0) return <span class="muted small">none yet</span>;
  const shown = outcomes.slice(0, CELLS).toReversed();
  const counts = new Map<string, number>();
  for (const { outcome } of shown) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const inWords = [...counts].map(([outcome, count]) => `${count} ${outcome.replaceAll('_', ' ')}`).join(', ');
  const first = CELLS - shown.length;
  return (
    <svg class="strip" viewBox={`0 0 ${CELLS * STEP} ${HEIGHT}`} role="img" aria-label={`Last outcomes: ${inWords}`}>
      <title>{inWords}</title>
      <rect class="track" y={HEIGHT - 1} width={CELLS * STEP} height="1" />
      {shown.map(({ outcome, scheduledRunTime }, place) => {
        const [y, height] = SHAPES[outcome] ?? [8, 12];
        const x = (first + place) * STEP;
        return (
          <rect
            key={`${place} ${scheduledRunTime}`}
            class={`cell ${outcome}`}
            x={x}
            y={y}
            width={STEP - 1}
            height={height}
            rx="1"
          />
        );
      })}
    </svg>
  );
}
