import { Chart } from '../../parts/chart';
import { Loading, Problem } from '../../parts/states';
import { durationText, timeIn } from '../../time';
import type { HourInNumbers } from './last-hour';

/** The last hour, minute by minute: runs a second, failures, and how late runs were started. */
export function Hour({ numbers, error }: { readonly numbers: HourInNumbers | null; readonly error: Error | null }) {
  if (error) return <Problem error={error} />;
  if (!numbers) return <Loading what="the last hour" />;
  const { minutes, p50, p99, since } = numbers;
  const at = minutes.map((minute) => minute.at);
  const rate = (runs: number, seconds: number) => Math.round((runs / seconds) * 100) / 100;
  return (
    <section class="stack" aria-label="The last hour">
      <div class="grid">
        <div class="panel">
          <Chart
            title="Runs a second"
            at={at}
            text={(value) => String(value)}
            lines={[
              { name: 'ended', look: 'ended', values: minutes.map(({ runs, seconds }) => rate(runs, seconds)) },
              { name: 'failed', look: 'failed', values: minutes.map(({ failed, seconds }) => rate(failed, seconds)) },
            ]}
          />
        </div>
        <div class="panel">
          <Chart
            title="Lateness at the start"
            at={at}
            text={durationText}
            lines={[
              { name: 'p50', look: 'p50', values: p50 },
              { name: 'p99', look: 'p99', values: p99 },
            ]}
          />
        </div>
      </div>
      {since !== null && <p class="small muted">More happened than is loaded: this begins at {timeIn(since)}.</p>}
    </section>
  );
}
