import { call, inStore } from '../../api/client';
import { useSoon } from '../../api/live';
import type { Finding, JobStore, Measure, RunPage } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Shown } from '../../parts/states';
import type { ScreenProps } from '../../screen-props';
import '../../../styles/overview.css';
import { Executors, Workers } from './executors';
import { Failures } from './failures';
import { Findings } from './findings';
import { Hour } from './hour';
import { Tiles } from './tiles';
import { useLastHour } from './use-last-hour';

/** What changes the state of a job store as a whole. */
const FOR_THE_DOCTOR = [
  'leader_elected',
  'leader_lost',
  'scheduler_started',
  'scheduler_shutdown',
  'scheduler_paused',
  'scheduler_resumed',
  'worker_joined',
  'worker_left',
];
const EVENTS = [...FOR_THE_DOCTOR, 'job_added', 'job_removed', 'job_paused', 'job_resumed'];

/** What the doctor looks at takes longer than the rest: it is asked less often. */
const DOCTOR_EACH_MS = 10_000;

/** Is all well? */
export function Overview({ store }: ScreenProps) {
  const state = useLoad(store, async (signal) => {
    const [measure, inspected, failures] = await Promise.all([
      call<Measure>(inStore(store, 'measure'), { signal }),
      call<JobStore>(inStore(store), { signal }),
      call<RunPage>(`${inStore(store, 'runs')}?outcome=error&limit=10`, { signal }),
    ]);
    return { measure, inspected, failures: failures.runs };
  });
  const doctor = useLoad(store, (signal) =>
    call<{ findings: readonly Finding[] }>(inStore(store, 'doctor'), { signal }),
  );
  const lookSoon = useSoon(state.reload);
  const diagnoseSoon = useSoon(doctor.reload, DOCTOR_EACH_MS);
  const { numbers, error } = useLastHour(store, EVENTS, ({ type }) => {
    lookSoon();
    if (FOR_THE_DOCTOR.includes(type)) diagnoseSoon();
  });
  return (
    <>
      <div class="screen-head">
        <h1>Overview</h1>
      </div>
      <Shown of={doctor} what="the doctor's findings">
        {({ findings }) => <Findings of={findings} />}
      </Shown>
      <Shown of={state} what="the state of the job store">
        {({ measure, inspected, failures }) => (
          <>
            <Tiles measure={measure} inspected={inspected} numbers={numbers} />
            <Hour numbers={numbers} error={error} />
            <Executors measure={measure} inspected={inspected} />
            <Workers inspected={inspected} />
            <Failures of={failures} />
          </>
        )}
      </Shown>
    </>
  );
}
