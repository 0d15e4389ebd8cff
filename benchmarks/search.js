/**
 * Searches for the highest load that is kept up with: yields a load, and gets whether it was kept up with. The load doubles
 * until it is too much, twice in a row. If the first load is too much, it is halved until one is not. Then the gap is
 * halved until it is small enough.
 * @returns the highest load that was kept up with; 0 if not even `least` was
 */
export function* highestLoad({ least, from, to, within }) {
  let good = 0;
  let bad = Number.POSITIVE_INFINITY;
  for (let load = from; load <= to && load < bad; load *= 2) {
    if ((yield load) || (yield load)) good = load;
    else bad = load;
  }
  for (let load = Math.floor(bad / 2); good === 0 && load >= least; load = Math.floor(load / 2)) {
    if (yield load) good = load;
    else bad = load;
  }
  if (good === 0 || bad === Number.POSITIVE_INFINITY) return good;
  while (bad > good * (1 + within)) {
    const between = Math.round(Math.sqrt(good * bad));
    if (yield between) good = between;
    else bad = between;
  }
  return good;
}

const ENOUGH = 0.98;
const GROWTH_MS = 100;

/** Returns whether the load was done, and the runs of the later half were hardly later than those of the earlier half. */
export function keepsUp({ asked, done, earlierP50, laterP50 }) {
  return done >= ENOUGH * asked && laterP50 !== null && laterP50 - earlierP50 <= GROWTH_MS;
}
