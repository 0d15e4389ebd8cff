import { relative, timeIn, VIEWER_ZONE } from '../time';

/** An instant in the viewer's zone; under it, where the job has another one, in that; on hover, UTC. */
export function Time({
  at,
  zone,
  withDistance,
}: {
  readonly at: string;
  readonly zone?: string | undefined;
  readonly withDistance?: boolean;
}) {
  return (
    <time dateTime={at} title={`${at} · ${VIEWER_ZONE}`}>
      {timeIn(at)}
      {withDistance && <Distance at={at} />}
      {zone !== undefined && zone !== VIEWER_ZONE && (
        <span class="muted small zone-line">
          {timeIn(at, zone)} · {zone}
        </span>
      )}
    </time>
  );
}

/** How long until it, or since it; by itself, so that a second that goes by draws no more than this. */
export function Distance({ at }: { readonly at: string }) {
  return <span class="muted"> ({relative(at)})</span>;
}
