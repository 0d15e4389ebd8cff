import { HORIZON } from './horizon.js';
import {
  type ClockGroup,
  candidateOf,
  haveNoDay,
  type KnownDays,
  type Meeting,
  type MeetingTime,
  minutesOf,
  NEVER,
  offsetsOf,
} from './meetings.js';
import { MinutesOfDay } from './minutes-of-day.js';
import type { ResidueClass } from './residue-class.js';
import type { Steps } from './steps.js';
import { courseOf, type ZoneCourse, type ZoneState, type ZoneStretch } from './zone-course.js';

/** A time in which no clock's offset changes, so that the common times of day stay the same. */
export interface Stretch {
  /** Exclusive. */
  readonly end: number;
  /** Finds the next time at which the clocks may agree. A time beyond the end of the stretch means that there is none in the stretch. */
  readonly candidate: MeetingTime;
}

export const NEVER_AGAIN: Stretch = { end: HORIZON + 1, candidate: NEVER };

/** What the first groups, those in `groups`, have in common while each of their zones is in a certain state. */
interface Node extends Meeting {
  readonly isEmpty: boolean;
  /** The nodes with the following group added, by the state of its zone. */
  readonly next: (Node | undefined)[];
  candidate?: MeetingTime;
}

/** 1973-01-01T00:00:00Z. All offsets are of whole minutes since 7 January 1972, when Monrovia's was the last to change. */
const WHOLE_MINUTES = 94_694_400_000;

/** Two groups, by index, that once had no minute in common. `disjoint` says whether they have none in two states of their zones. */
interface Opponents {
  readonly one: number;
  readonly other: number;
  readonly disjoint: boolean[][];
}

/** Searches for the next time in which clocks may agree. It reads only the zones that it needs to see that they do not. */
export class MeetingSearch {
  readonly #groups: readonly ClockGroup[];
  readonly #courses: readonly ZoneCourse[];
  /** By index of the group: the stretch that the search read last. */
  readonly #stretches: (ZoneStretch | undefined)[] = [];
  /** By index of the group, then by the state of its zone. */
  readonly #minutes: MinutesOfDay[][];
  readonly #progression: ResidueClass;
  readonly #seconds: readonly number[];
  readonly #known: KnownDays = new Map();
  readonly #root: Node = { minutes: MinutesOfDay.ALL, isEmpty: false, next: [], groups: [] };
  readonly #opponents: Opponents[] = [];
  #neverOnOneDay: boolean | undefined;

  constructor(groups: readonly ClockGroup[], progression: ResidueClass) {
    this.#groups = groups;
    this.#progression = progression;
    this.#courses = groups.map(({ zone }) => courseOf(zone));
    this.#minutes = groups.map(() => []);
    this.#seconds = groups
      .flatMap(({ clocks }) => clocks.map(({ timeOfDay }) => timeOfDay.seconds))
      .reduce((all, own) => all.filter((second) => own.includes(second)));
  }

  /** Returns the stretch that holds an instant, or a longer time in which the clocks do not agree. */
  *stretchAt(instant: number): Steps<Stretch> {
    this.#neverOnOneDay ??= yield* haveNoDay(this.#groups);
    if (this.#neverOnOneDay) return NEVER_AGAIN;
    let time = instant;
    while (time <= HORIZON) {
      if (this.#seconds.length === 0 && time >= WHOLE_MINUTES) return NEVER_AGAIN;
      const stretch = yield* this.#stretchAt(time);
      yield;
      if (stretch.candidate !== NEVER) return time === instant ? stretch : { end: time, candidate: NEVER };
      time = stretch.end;
    }
    return NEVER_AGAIN;
  }

  *#stretchAt(time: number): Steps<Stretch> {
    const silence = this.#silenceOfOpponents(time);
    if (silence !== null) return { end: silence, candidate: NEVER };
    let node = this.#root;
    let end = HORIZON + 1;
    for (let index = 0; index < this.#groups.length; index++) {
      const latest = this.#stretches[index];
      const zone = this.#zoneAt(index, time);
      // The zone may have been read, which takes time.
      if (zone !== latest) yield;
      end = Math.min(end, zone.end);
      node = this.#descend(node, index, zone.state);
      if (!node.isEmpty) continue;
      this.#findOpponents(index, time);
      return { end, candidate: NEVER };
    }
    node.candidate ??= candidateOf(node, {
      seconds: this.#seconds,
      progression: this.#progression,
      known: this.#known,
    });
    return { end, candidate: (yield* node.candidate(time)) < end ? node.candidate : NEVER };
  }

  #zoneAt(index: number, time: number): ZoneStretch {
    const latest = this.#stretches[index];
    if (latest !== undefined && latest.start <= time && time < latest.end) return latest;
    const course = this.#courses[index] as ZoneCourse;
    const found = latest?.end === time ? course.after(latest) : course.at(time);
    this.#stretches[index] = found;
    return found;
  }

  #minutesIn(index: number, state: ZoneState): MinutesOfDay {
    const known = this.#minutes[index]?.[state.id];
    if (known !== undefined) return known;
    const group = this.#groups[index] as ClockGroup;
    const minutes = minutesOf(group, offsetsOf(group, state));
    (this.#minutes[index] as MinutesOfDay[])[state.id] = minutes;
    return minutes;
  }

  #descend(node: Node, index: number, state: ZoneState): Node {
    const known = node.next[state.id];
    if (known !== undefined) return known;
    const group = this.#groups[index] as ClockGroup;
    const minutes = node.minutes.and(this.#minutesIn(index, state));
    const groups = [...node.groups, { group, offsets: offsetsOf(group, state) }];
    const made: Node = { minutes, isEmpty: minutes.isEmpty, next: [], groups };
    node.next[state.id] = made;
    return made;
  }

  /** Remembers two groups that have no minute in common. Of many zones, two are often enough to see that not all agree: the others need not be read. */
  #findOpponents(index: number, time: number): void {
    if (index < 2 || this.#opponents.length === MOST_OPPONENTS) return;
    const { state } = this.#zoneAt(index, time);
    for (let one = 0; one < index; one++) {
      const other = this.#minutesIn(one, this.#zoneAt(one, time).state);
      if (!other.and(this.#minutesIn(index, state)).isEmpty) continue;
      this.#opponents.push({ one, other: index, disjoint: [] });
      return;
    }
  }

  /** Returns until when (ms) two opponents have no minute in common; null means that each pair may have one. */
  #silenceOfOpponents(time: number): number | null {
    for (const { one, other, disjoint } of this.#opponents) {
      const [first, second] = [this.#zoneAt(one, time), this.#zoneAt(other, time)];
      disjoint[first.state.id] ??= [];
      const known = disjoint[first.state.id] as boolean[];
      known[second.state.id] ??= this.#minutesIn(one, first.state).and(this.#minutesIn(other, second.state)).isEmpty;
      if (known[second.state.id]) return Math.min(first.end, second.end);
    }
    return null;
  }
}

const MOST_OPPONENTS = 8;
