import { QueryField } from '../../parts/query-field';
import { setQuery } from '../../router';
import { GROUPS, TYPES } from './groups';
import type { EventFilter } from './use-events';

const LABELS = { job: 'Job (its id)', task: 'Task', run: 'Run (its id)' };

/** Filters that the address has, so that a link shows the same. */
export function EventFilters({ types, ...fields }: EventFilter) {
  const isFiltered = types !== '' || Object.values(fields).some((value) => value !== '');
  return (
    <form class="row filter-row" onSubmit={(event) => event.preventDefault()}>
      <label class="field">
        <span>About</span>
        <select class="input" value={types} onChange={(event) => setQuery({ types: event.currentTarget.value })}>
          <option value="">everything</option>
          {Object.keys(GROUPS).map((group) => (
            <option key={group} value={group}>
              {group}
            </option>
          ))}
          <optgroup label="One type">
            {TYPES.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      {Object.entries(LABELS).map(([name, label]) => (
        <QueryField
          key={name}
          label={label}
          value={fields[name as keyof typeof LABELS]}
          onEnter={(value) => setQuery({ [name]: value })}
        />
      ))}
      {isFiltered && (
        <button type="button" class="button quiet" onClick={() => setQuery({ types: '', job: '', task: '', run: '' })}>
          All events
        </button>
      )}
    </form>
  );
}
