import { useEffect } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/use-load';
import { isHelpOpen } from '../keyboard';
import { Empty, Shown } from '../parts/states';
import { linkTo, route } from '../router';
import { said } from '../said';
import { SCREENS } from '../screens';
import { Help } from './help';
import { Sidebar } from './sidebar';

/** What is around each screen. */
export function Shell() {
  const stores = useLoad('stores', () => call<{ stores: readonly { jobStore: string }[] }>('v1/stores'));
  const { store, screen: id, subject } = route.value;
  const screen = SCREENS.find((one) => one.id === id);
  useEffect(() => {
    document.title = [subject, screen?.title ?? 'Nothing here', 'Carillon'].filter((part) => part !== '').join(' · ');
  }, [subject, screen]);
  const names = stores.data?.stores.map(({ jobStore }) => jobStore) ?? [];
  const [first] = names;
  useEffect(() => {
    if (store === '' && first !== undefined) location.replace(linkTo('overview', '', {}, first));
  }, [store, first]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={focusMain}>
        Skip to the screen
      </button>
      <Sidebar stores={names} />
      <main class="main" id="main" tabIndex={-1}>
        <Shown of={stores} what="job stores">
          {() => {
            if (names.length === 0)
              return <Empty title="No job store">You may see none: ask somebody who gives rights.</Empty>;
            if (store === '') return null;
            if (!screen) return <Empty title="There is no such screen">Choose one in the navigation.</Empty>;
            return <screen.show key={`${store}\n${id}\n${subject}`} store={store} subject={subject} />;
          }}
        </Shown>
      </main>
      <div class="said" role="status">
        {said.value}
      </div>
      {isHelpOpen.value && <Help />}
    </div>
  );
}

function focusMain(): void {
  document.querySelector<HTMLElement>('#main')?.focus();
}
