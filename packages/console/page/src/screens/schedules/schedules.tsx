import { call, inStore } from '../../api/client';
import type { JobPage } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Shown } from '../../parts/states';
import { Table } from '../../parts/table';
import { linkTo } from '../../router';
import type { ScreenProps } from '../../screens';

export function Schedules({ store }: ScreenProps) {
  const page = useLoad(store, (signal) => call<JobPage>(inStore(store, 'jobs'), { signal }));
  return (
    <>
      <div class="screen-head">
        <h1>Schedules</h1>
      </div>
      <Shown of={page} what="jobs">
        {({ jobs }) => (
          <Table
            name="Jobs"
            rows={jobs}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'name',
                head: 'Job',
                cell: ({ id, name }) => (
                  <a data-row href={linkTo('jobs', id)}>
                    {name}
                  </a>
                ),
              },
              { id: 'trigger', head: 'Trigger', cell: ({ triggerInWords }) => triggerInWords },
            ]}
          />
        )}
      </Shown>
    </>
  );
}
