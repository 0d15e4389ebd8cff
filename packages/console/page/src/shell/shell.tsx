import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { call } from '../api/client';
import { useLoad } from '../api/use-load';
import { isHelpOpen } from '../keyboard';
import { Shown } from '../parts/states';
import { linkTo, route } from '../router';
import { said } from '../said';
import { SCREENS } from '../screens';
import { seesWholeStores, session } from '../session';
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
    if (store === '' && first !== undefined)
      location.replace(linkTo(seesWholeStores() ? 'overview' : 'schedules', '', {}, first));
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
              return <Instead title="No job store">You may see none: ask an administrator for rights.</Instead>;
            if (store === '') return null;
            if (!names.includes(store)) return <NoStore names={names} />;
            if (!screen) return <Instead title="There is no such screen">Choose one in the navigation.</Instead>;
            if (screen.isOfStore && !seesWholeStores()) return <OfTheStore />;
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

/** What is shown instead of a screen. */
function Instead({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="state">
      <h1>{title}</h1>
      <p>{children}</p>
    </div>
  );
}

function NoStore({ names }: { readonly names: readonly string[] }) {
  return (
    <Instead title="There is no such job store">
      You may see{' '}
      {names.map((name, place) => (
        <span key={name}>
          {place > 0 && ', '}
          <a href={linkTo('overview', '', {}, name)}>{name}</a>
        </span>
      ))}
      .
    </Instead>
  );
}

function OfTheStore() {
  return (
    <Instead title="This is about the whole job store">
      You see the jobs of these tags: {session.value?.tags?.join(', ')}. Look at{' '}
      <a href={linkTo('schedules')}>their schedules</a>.
    </Instead>
  );
}

function focusMain(): void {
  document.querySelector<HTMLElement>('#main')?.focus();
}
