import { shortJson } from '../../parts/json';

interface Changed {
  readonly member: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a change made different, member by member. */
export function Difference({ of }: { readonly of: readonly Changed[] }) {
  if (of.length === 0) return null;
  return (
    <dl class="facts difference">
      {of.map(({ member, before, after }) => (
        <div key={member} class="contents">
          <dt>{member}</dt>
          <dd>
            <del>
              <code>{shortJson(before ?? null, 400)}</code>
            </del>{' '}
            →{' '}
            <ins>
              <code>{shortJson(after ?? null, 400)}</code>
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The members that differ between two forms of a job, as the API has them. */
export function differenceOf(before: object | null, after: object | null): readonly Changed[] {
  const [old, made] = [before, after].map((one) => (one ?? {}) as Readonly<Record<string, unknown>>);
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(made ?? {})]);
  return [...names].flatMap((member) => {
    const [was, is] = [old?.[member], made?.[member]];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ member, before: was, after: is }];
  });
}
