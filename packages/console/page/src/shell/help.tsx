import { isHelpOpen } from '../keyboard';
import { Dialog } from '../parts/dialog';
import { SCREENS } from '../screens';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['↓ ↑ or j k', 'next row, row before'],
  ['Enter', 'open the row'],
  ['Esc', 'close a dialog'],
  ['?', 'this list'],
];

export function Help() {
  const screens = SCREENS.flatMap(({ key, title }) => (key === undefined ? [] : [[`g ${key}`, title] as const]));
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <dl class="facts">
        {[...KEYS, ...screens].map(([key, what]) => (
          <div key={key} class="contents">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
