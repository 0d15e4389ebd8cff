import { useEffect, useRef, useState } from 'preact/hooks';

interface Typed {
  readonly typed: string;
  readonly setTyped: (text: string) => void;
  /** Call it with what goes from the field into the address. */
  readonly entered: (value: string) => void;
  /** Shows the text of the address, whatever is typed. */
  readonly reset: (value: string) => void;
}

/**
 * The text of a field whose value is in the address.
 * A value that came from the field itself changes nothing in it: the user may have typed more since then.
 */
export function useTyped(value: string): Typed {
  const [typed, setTyped] = useState(value);
  const known = useRef(value);
  const reset = (text: string) => {
    known.current = text;
    setTyped(text);
  };
  useEffect(() => {
    if (value !== known.current) reset(value);
  }, [value]);
  return {
    ...{ typed, setTyped, reset },
    entered: (text) => {
      known.current = text;
    },
  };
}
