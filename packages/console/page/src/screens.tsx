import type { FunctionComponent } from 'preact';
import type { ScreenProps } from './screen-props';
import { Cluster } from './screens/cluster/cluster';
import { Events } from './screens/events/events';
import { JobScreen } from './screens/job/job-screen';
import { Overview } from './screens/overview/overview';
import { Runs } from './screens/runs/runs';
import { Schedules } from './screens/schedules/schedules';
import { Timeline } from './screens/timeline/timeline';

/**
 * A screen: a folder in `screens`, and a row here. It is drawn again for each job store and subject. It loads by `useLoad`, stays current by
 * `useLive`, and shows what it has by the parts in `parts`.
 */
export interface Screen {
  /** In the address. */
  readonly id: string;
  readonly title: string;
  /** After `g`. */
  readonly key?: string;
  /** In the navigation; a screen without one is reached from others. */
  readonly icon?: string;
  /** Which entry of the navigation it belongs to, where it has none. */
  readonly under?: string;
  /** It is about the whole job store: a caller who is limited to tags has none of it. */
  readonly isOfStore?: true;
  readonly show: FunctionComponent<ScreenProps>;
}

export const SCREENS: readonly Screen[] = [
  {
    id: 'overview',
    title: 'Overview',
    key: 'o',
    icon: 'M3 13h4V7H3zM8 13h4V3H8zM13 13h4v-4h-4zM3 17h14',
    isOfStore: true,
    show: Overview,
  },
  {
    id: 'schedules',
    title: 'Schedules',
    key: 's',
    icon: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l3 2',
    show: Schedules,
  },
  { id: 'timeline', title: 'Timeline', key: 't', icon: 'M2 10h16M5 7v6M9 5v10M13 7v6M16 8v4', show: Timeline },
  { id: 'runs', title: 'Runs', key: 'r', icon: 'M3 5h7M3 10h11M3 15h5M13 4v2M17 9v2M11 14v2', show: Runs },
  { id: 'events', title: 'Events', key: 'e', icon: 'M2 10h4l2-6 4 12 2-6h4', show: Events },
  {
    id: 'cluster',
    title: 'Cluster',
    key: 'c',
    icon: 'M4 4h12v4H4zM4 12h12v4H4zM7 6h.01M7 14h.01',
    isOfStore: true,
    show: Cluster,
  },
  { id: 'jobs', title: 'Job', under: 'schedules', show: JobScreen },
];
