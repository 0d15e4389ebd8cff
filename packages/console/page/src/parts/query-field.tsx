import { useEffect, useState } from 'preact/hooks';

interface QueryFieldProps {
  readonly label: string;
  /** What the address has. */
  readonly value: string;
  /** Called with the trimmed text once it is entered, or the field is left. */
  readonly onEnter: (value: string) => void;
}

/** A text of the address. The screen may be drawn again while somebody types: what was typed stays. */
export function QueryField({ label, value, onEnter }: QueryFieldProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        type="search"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={(event) => onEnter(event.currentTarget.value.trim())}
      />
    </label>
  );
}
