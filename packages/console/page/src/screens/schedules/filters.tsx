import { useEffect, useState } from 'preact/hooks';
import { useTyped } from '../../parts/use-typed';
import { linkTo, route, setQuery } from '../../router';
import { type Filter, isFiltered, NO_FILTER } from './filter';
import { forgetView, isSame, savedViews, saveView, VIEWS } from './views';

const STATES = ['scheduled', 'paused', 'running'];
const OUTCOMES = ['executed', 'error', 'cancelled', 'none'];
const DUE: readonly (readonly [string, string])[] = [
  ['5m', '5 minutes'],
  ['1h', '1 hour'],
  ['1d', '1 day'],
  ['7d', '7 days'],
];
const TYPING_MS = 250;

/** The search and the filters: each is in the address. */
export function Filters({ filter }: { readonly filter: Filter }) {
  const [isOpen, setOpen] = useState(isFiltered({ ...filter, text: '' }));
  return (
    <div class="stack filters">
      <div class="row">
        <TextFilter name="text" label="Search jobs" value={filter.text} isSearch />
        <button type="button" class="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Filters
        </button>
        <Views filter={filter} />
      </div>
      {isOpen && (
        <div class="row">
          <Choice name="state" label="State" value={filter.state} of={STATES.map((state) => [state, state])} />
          <Choice
            name="lastOutcome"
            label="Last outcome"
            value={filter.lastOutcome}
            of={OUTCOMES.map((one) => [one, one])}
          />
          <Choice name="due" label="Due within" value={filter.due} of={DUE} />
          <TextFilter name="task" label="Task" value={filter.task} />
          <TextFilter name="executor" label="Executor" value={filter.executor} />
          <TextFilter name="tags" label="Tags, with commas between" value={filter.tags} />
        </div>
      )}
    </div>
  );
}

/** What is typed shows at once, and is looked for once one pauses. */
function TextFilter({
  name,
  label,
  value,
  isSearch,
}: {
  readonly name: keyof Filter;
  readonly label: string;
  readonly value: string;
  readonly isSearch?: boolean;
}) {
  const { typed, setTyped, entered, reset } = useTyped(value);
  // A link is another view: what was typed right before belongs to the one that was left, and would be looked for in this one.
  useEffect(() => {
    const forget = () => reset(route.peek().query.get(name) ?? '');
    addEventListener('hashchange', forget);
    return () => removeEventListener('hashchange', forget);
  }, [name]);
  useEffect(() => {
    const text = typed.trim();
    if (text === value) return;
    const timer = setTimeout(() => {
      entered(text);
      setQuery({ [name]: text });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const shared = {
    class: 'input',
    maxLength: 255,
    value: typed,
    'aria-label': label,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => setTyped(event.currentTarget.value),
  };
  if (isSearch) {
    return (
      <div class="search">
        <input type="search" placeholder={`${label}  ( / )`} {...shared} />
      </div>
    );
  }
  return (
    <div class="field">
      <span>{label}</span>
      <input type="text" {...shared} />
    </div>
  );
}

function Choice({
  name,
  label,
  value,
  of,
}: {
  readonly name: keyof Filter;
  readonly label: string;
  readonly value: string;
  readonly of: readonly (readonly [string, string])[];
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select class="input" value={value} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
        <option value="">any</option>
        {of.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Links to views: the common ones, and those of this browser. */
function Views({ filter }: { readonly filter: Filter }) {
  const all = [...VIEWS, ...savedViews.value];
  const current = all.find((view) => isSame(view.filter, filter));
  const isOwn = current !== undefined && savedViews.value.includes(current);
  const [name, setName] = useState<string | null>(null);
  return (
    <nav class="row views" aria-label="Views">
      {all.map((view) => (
        <a
          key={view.name}
          class="chip"
          href={linkTo('schedules', '', { ...view.filter })}
          aria-current={view === current ? 'true' : undefined}
        >
          {view.name}
        </a>
      ))}
      {isOwn && (
        <button type="button" class="button quiet" onClick={() => forgetView(current.name)}>
          Forget this view
        </button>
      )}
      {!current && name === null && (
        <>
          <button type="button" class="button quiet" onClick={() => setName('')}>
            Save view
          </button>
          <a class="button quiet" href={linkTo('schedules', '', { ...NO_FILTER })}>
            Clear
          </a>
        </>
      )}
      {name !== null && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') saveView(name.trim(), filter);
            setName(null);
          }}
        >
          <input
            class="input view-name"
            aria-label="Name of the view"
            maxLength={40}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="button">
            Save
          </button>
        </form>
      )}
    </nav>
  );
}
