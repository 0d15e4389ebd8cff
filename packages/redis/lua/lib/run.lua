-- Reads runs in the ledger.

local function read(id) return decode(get('runs', id)) end

-- Whether a run waits: its job names it as waiting, and it was never admitted. The second is checked in case another program wrote the first.
local function isWaiting(id, run)
  return run.job ~= '' and get('waiting', run.job) == id and run.delivery == '-' and not get('outbox', id)
end

-- Returns the state of a run for callers. `out`: when the run is to be delivered, if it is in the outbox.
local function stateOf(id, run, out)
  if run.token ~= '-' then return 'running' end
  if isWaiting(id, run) then return 'waiting' end
  if not out or out <= now then return 'queued' end
  return run.tries == '0' and 'scheduled' or 'retrying'
end

-- The fire times of a run, oldest first, from this index on (0: all): each with its index and when it was due.
local function fires(run, from)
  local list, index = {}, 0
  from = tonumber(from)
  for fire, delay in run.fires:gmatch('(%-?%d+)%+(%d+)') do
    if index >= from then list[#list + 1] = { index = index, time = fire, due = fire + delay } end
    index = index + 1
  end
  return list
end
