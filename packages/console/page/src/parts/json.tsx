const MOST_SHOWN = 20_000;

/** A JSON value as text: never as markup, whatever is in it. */
export function Json({ value }: { readonly value: unknown }) {
  const text = JSON.stringify(value, null, 2) ?? 'nothing';
  const isCut = text.length > MOST_SHOWN;
  return <pre>{isCut ? `${text.slice(0, MOST_SHOWN)}…\n(${text.length} characters; the API has all)` : text}</pre>;
}

/** On one line, cut. */
export function shortJson(value: unknown, most = 80): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
