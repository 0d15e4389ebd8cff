/** Names of the same thing elsewhere, as `plain` writes them, and ours. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  tz: ['timezone'],
  weekday: ['dayOfWeek'],
  rundate: ['at'],
  startat: ['startDate'],
  startdate: ['startAt'],
  endat: ['endDate'],
  enddate: ['endAt'],
  func: ['task'],
  name: ['task'],
  delay: ['backoff'],
};

/** For the end of a message that lists what is allowed: which of that was meant, where that is clear; else nothing. */
export function meantNames(unknown: readonly string[], allowed: readonly string[]): string {
  const meant = unknown.flatMap((name) => {
    const near = nearName(name, allowed);
    return near === undefined ? [] : [`${near} in place of ${name}`];
  });
  return meant.length === 0 ? '' : `; write ${meant.join(', ')}`;
}

/**
 * The one of some names that another is a slip of, in another spelling, or has elsewhere. undefined if there is none, or there are
 * several.
 */
export function nearName(name: string, allowed: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  const text = plain(name);
  const same = allowed.filter((one) => plain(one) === text);
  if (same.length > 0) return only(same);
  const elsewhere = Object.hasOwn(SAME, text) ? SAME[text] : undefined;
  const known = allowed.filter((one) => elsewhere?.includes(one));
  if (known.length > 0) return only(known);
  return only(allowed.filter((one) => isSlip(text, plain(one))));
}

const LONGEST = 40;

/** `day_of_week`, `Day-Of-Week` and `dayOfWeek` are one, as are one and several. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]/g, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '');
}

function only(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** Whether one letter is wrong, missing or too many, or two neighbours are exchanged. Of short names, each is another name. */
function isSlip(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 4 || Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  let [end, otherEnd] = [one.length, other.length];
  while (end > from && otherEnd > from && one[end - 1] === other[otherEnd - 1]) {
    end--;
    otherEnd--;
  }
  const [left, right] = [one.slice(from, end), other.slice(from, otherEnd)];
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && left === `${right[1]}${right[0]}`);
}
