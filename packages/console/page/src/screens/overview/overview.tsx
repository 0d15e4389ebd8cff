import { call, inStore } from '../../api/client';
import type { Measure } from '../../api/types';
import { useLoad } from '../../api/use-load';
import { Shown } from '../../parts/states';
import type { ScreenProps } from '../../screens';

export function Overview({ store }: ScreenProps) {
  const measure = useLoad(store, (signal) => call<Measure>(inStore(store, 'measure'), { signal }));
  return (
    <>
      <div class="screen-head">
        <h1>Overview</h1>
      </div>
      <Shown of={measure} what="counts">
        {({ counts }) => <p>{counts.jobs} jobs</p>}
      </Shown>
    </>
  );
}
