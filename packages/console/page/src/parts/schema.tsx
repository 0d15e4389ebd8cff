import { Json } from './json';

/** A JSON Schema, which is long: it is shown where one asks for it. */
export function Schema({ of, title }: { readonly of: unknown; readonly title: string }) {
  return (
    <details class="schema">
      <summary>{title}</summary>
      <Json value={of} />
    </details>
  );
}
