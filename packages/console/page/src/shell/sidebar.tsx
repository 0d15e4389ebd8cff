import { isHelpOpen } from '../keyboard';
import { logOut } from '../login';
import { linkTo, route } from '../router';
import { say } from '../said';
import { nextScheme, scheme } from '../scheme';
import { SCREENS } from '../screens';
import { seesWholeStores, session } from '../session';
import { Brand } from './brand';

/** At the side; on a phone, at the bottom. */
export function Sidebar({ stores }: { readonly stores: readonly string[] }) {
  const { store, screen } = route.value;
  const current = SCREENS.find(({ id }) => id === screen);
  return (
    <header class="side">
      <Brand />
      {stores.length > 1 && (
        <label class="field store-switch">
          <span>Job store</span>
          <select class="input" value={store} onChange={(event) => switchTo(event.currentTarget.value)}>
            {stores.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <nav class="nav" aria-label="Screens">
        {SCREENS.filter(({ icon, isOfStore }) => icon !== undefined && !(isOfStore && !seesWholeStores())).map(
          ({ id, title, icon }) => (
            <a key={id} href={linkTo(id)} aria-current={id === (current?.under ?? screen) ? 'page' : undefined}>
              <svg viewBox="0 0 20 20" aria-hidden="true">
                <path d={icon} />
              </svg>
              {title}
            </a>
          ),
        )}
      </nav>
      <div class="side-end">
        <div class="who small muted break">
          {session.value?.actor}
          {stores.length === 1 && <> · {store}</>}
        </div>
        <div class="row">
          <button
            type="button"
            class="button quiet"
            title={`Colours: ${scheme.value}`}
            aria-label={`Colours: ${scheme.value}. Change`}
            onClick={nextScheme}
          >
            {{ system: '◐', light: '☀', dark: '☾' }[scheme.value]}
          </button>
          <button
            type="button"
            class="button quiet"
            title="Keys"
            aria-label="Keys"
            onClick={() => (isHelpOpen.value = true)}
          >
            ?
          </button>
          <button
            type="button"
            class="button quiet"
            title="Log out"
            aria-label="Log out"
            onClick={() => logOut().catch((error: Error) => say(error.message))}
          >
            <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
              <path d="M8 4H4v12h4M12 6l4 4-4 4M16 10H8" />
            </svg>
          </button>
        </div>
      </div>
    </header>
  );
}

/** The list of the other job store; what is of one job of this one is left. */
function switchTo(store: string): void {
  const current = SCREENS.find(({ id }) => id === route.value.screen);
  location.hash = linkTo(current?.under ?? route.value.screen, '', {}, store);
}
