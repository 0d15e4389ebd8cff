import '../../../styles/runs.css';
import type { ScreenProps } from '../../screen-props';
import { RunList } from './run-list';
import { RunScreen } from './run-screen';

/** The runs of a job store; with a subject, one run. */
export function Runs({ store, subject }: ScreenProps) {
  return subject === '' ? <RunList store={store} /> : <RunScreen store={store} runId={subject} />;
}
