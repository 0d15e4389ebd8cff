import type { Finding } from '../../api/types';
import { counted } from '../../parts/counted';

/** What is wrong, and what to do; or that nothing is. */
export function Findings({ of: findings }: { readonly of: readonly Finding[] }) {
  if (findings.length === 0) {
    return (
      <p class="notice good" role="status">
        <strong>All is well:</strong> the doctor finds nothing.
      </p>
    );
  }
  const errors = findings.filter(({ level }) => level === 'error').length;
  return (
    <section aria-label="Findings" class="stack findings">
      <p role="status">
        <strong>
          Found: {orNo(errors, 'error')}, {orNo(findings.length - errors, 'warning')}
        </strong>
      </p>
      {findings.map(({ code, level, finding, whatToDo }, place) => (
        <div key={`${code} ${place}`} class={`notice ${level === 'error' ? 'bad' : 'warn'}`}>
          <strong>{level === 'error' ? '✕ Error' : '! Warning'}</strong> <WithCode of={finding} />
          <div>
            <span class="muted">What to do:</span> <WithCode of={whatToDo} />
          </div>
        </div>
      ))}
    </section>
  );
}

/** A text in which code stands between backticks. */
function WithCode({ of: text }: { readonly of: string }) {
  const parts = text.split('`');
  return (
    <>
      {parts.map((part, place) =>
        place % 2 === 1 && place < parts.length - 1 ? <code key={place}>{part}</code> : part,
      )}
    </>
  );
}

function orNo(count: number, what: string): string {
  return count === 0 ? `no ${what}s` : counted(count, what);
}
