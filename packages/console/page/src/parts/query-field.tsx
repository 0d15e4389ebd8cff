import { useTyped } from './use-typed';

interface QueryFieldProps {
  readonly label: string;
  /** What the address has. */
  readonly value: string;
  /** Called with the trimmed text once it is entered, or the field is left. */
  readonly onEnter: (value: string) => void;
}

/** A text of the address. The screen may be drawn again while the user types: what was typed stays. */
export function QueryField({ label, value, onEnter }: QueryFieldProps) {
  const { typed, setTyped, entered } = useTyped(value);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        type="search"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={(event) => {
          const text = event.currentTarget.value.trim();
          entered(text);
          onEnter(text);
        }}
      />
    </label>
  );
}
