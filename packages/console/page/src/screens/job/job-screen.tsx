import { call, inStore } from '../../api/client';
import type { Job } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Shown } from '../../parts/states';
import type { ScreenProps } from '../../screens';

export function JobScreen({ store, subject }: ScreenProps) {
  const job = useLoad(`${store} ${subject}`, (signal) => call<Job>(inStore(store, 'jobs', subject), { signal }));
  return (
    <>
      <div class="screen-head">
        <h1 class="break">{subject}</h1>
      </div>
      <Shown of={job} what="the job">
        {({ triggerInWords }) => <p>{triggerInWords}</p>}
      </Shown>
    </>
  );
}
