const LOOKS: Readonly<Record<string, readonly [tone: string, sign: string]>> = {
  executed: ['good', '✓'],
  error: ['bad', '✕'],
  missed: ['missed', '∅'],
  late: ['warn', '◷'],
  cancelled: ['', '⊘'],
  max_instances: ['warn', '≡'],
  skipped: ['warn', '≡'],
  coalesced: ['', '⊂'],
  waiting: ['info', '…'],
  scheduled: ['info', '○'],
  queued: ['info', '○'],
  running: ['info', '▶'],
  retrying: ['warn', '↻'],
  paused: ['warn', '❚❚'],
};

/** How something ended, or where it is: a sign and a word, so that colour is never all that says it. */
export function Outcome({ of }: { readonly of: string }) {
  const [tone, sign] = LOOKS[of] ?? ['', '·'];
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{sign}</span>
      {of.replaceAll('_', ' ')}
    </span>
  );
}
