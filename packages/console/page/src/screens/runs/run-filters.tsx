import { QueryField } from '../../parts/query-field';
import { setQuery } from '../../router';
import { ENDED, LIVE } from './states';

const CHOICES = ['', 'live', ...LIVE, 'ended', ...ENDED];

interface RunFiltersProps {
  readonly state: string;
  readonly job: string;
  readonly task: string;
  readonly executor: string;
}

/** Filters that the address has, so that a link shows the same. */
export function RunFilters({ state, ...fields }: RunFiltersProps) {
  return (
    <form class="row filter-row" onSubmit={(event) => event.preventDefault()}>
      <label class="field">
        <span>State</span>
        <select class="input" value={state} onChange={(event) => setQuery({ state: event.currentTarget.value })}>
          {CHOICES.map((choice) => (
            <option key={choice} value={choice}>
              {choice === '' ? 'all' : choice.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </label>
      {Object.entries(fields).map(([name, value]) => (
        <QueryField
          key={name}
          label={LABELS[name as keyof typeof LABELS]}
          value={value}
          onEnter={(entered) => setQuery({ [name]: entered })}
        />
      ))}
      {(state !== '' || Object.values(fields).some((value) => value !== '')) && (
        <button
          type="button"
          class="button quiet"
          onClick={() => setQuery({ state: '', job: '', task: '', executor: '' })}
        >
          All runs
        </button>
      )}
    </form>
  );
}

const LABELS = { job: 'Job (its id)', task: 'Task', executor: 'Executor' };
