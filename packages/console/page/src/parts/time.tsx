import { relative, timeIn, VIEWER_ZONE } from '../time';

interface TimeProps {
  readonly at: string;
  /** The job's zone. */
  readonly zone?: string | undefined;
  /** How long until then, or since. */
  readonly withDistance?: boolean;
  /** Without milliseconds. */
  readonly isBrief?: boolean;
}

/** An instant in the viewer's zone; under it, where the job has another one, in that; on hover, UTC. */
export function Time({ at, zone, withDistance, isBrief = false }: TimeProps) {
  return (
    <time dateTime={at} title={`${at} · ${VIEWER_ZONE}`}>
      {timeIn(at, VIEWER_ZONE, !isBrief)}
      {withDistance && (
        <span class="muted">
          {' '}
          (<Distance at={at} />)
        </span>
      )}
      {zone !== undefined && zone !== VIEWER_ZONE && (
        <span class="muted small zone-line">{named(timeIn(at, zone, !isBrief), zone)}</span>
      )}
    </time>
  );
}

/** How long until it, or since it; by itself, so that a second that goes by draws no more than this. */
export function Distance({ at }: { readonly at: string }) {
  return <span title={timeIn(at)}>{relative(at)}</span>;
}

/** With the name of the zone, unless that is its short name, too. */
function named(text: string, zone: string): string {
  return text.endsWith(` ${zone}`) ? text : `${text} · ${zone}`;
}
