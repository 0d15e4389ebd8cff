const MOST_DIGITS = 16;
const [ZERO, NINE] = [48, 57];

/** Reads the number from one place of a text to another, exclusive; NaN if there is anything but digits, or more than 16 of them. */
export function naturalIn(text: string, from: number, to: number): number {
  if (from >= to || to - from > MOST_DIGITS) return Number.NaN;
  let number = 0;
  for (let place = from; place < to; place++) {
    const code = text.charCodeAt(place);
    if (!(code >= ZERO && code <= NINE)) return Number.NaN;
    number = number * 10 + (code - ZERO);
  }
  return number;
}
