-- Runs in the ledger.

local function read(id) return decode(get('runs', id)) end

-- Whether a run waits: its job says so, and it was never admitted, whatever another program wrote.
local function isWaiting(id, run)
  return run.job ~= '' and get('waiting', run.job) == id and run.delivery == '-' and not get('outbox', id)
end

-- `out`: when it is to be delivered, where it is in the outbox.
local function stateOf(id, run, out)
  if run.token ~= '-' then return 'running' end
  if isWaiting(id, run) then return 'waiting' end
  if not out or out <= now then return 'queued' end
  return run.tries == '0' and 'scheduled' or 'retrying'
end

-- Its fire times, oldest first, from the one of this index on (0: all): each with its index and when it was due.
local function fires(run, from)
  local list, index = {}, 0
  from = tonumber(from)
  for fire, delay in run.fires:gmatch('(%-?%d+)%+(%d+)') do
    if index >= from then list[#list + 1] = { index = index, time = fire, due = fire + delay } end
    index = index + 1
  end
  return list
end
