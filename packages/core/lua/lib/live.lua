-- How many live runs jobs have.

-- Counts the live runs of all jobs anew, from the ledger.
local function countAnew()
  forget('instances')
  redis.call('DEL', key('instances'))
  local owed = redis.call('HGETALL', key('runs'))
  for i = 1, #owed, 2 do
    local run = decode(owed[i + 1])
    if run and run.job ~= '' and not isWaiting(owed[i], run) then
      set('instances', run.job, (get('instances', run.job) or 0) + 1)
    end
  end
end

local function liveRuns(job)
  local count = get('instances', job) or 0
  if isCount(count) then return tonumber(count) end
  setAside('instances:' .. job, { why = 'it is no count', raw = count })
  countAnew()
  return tonumber(get('instances', job) or 0)
end

local function hasRoom(run) return run.job == '' or liveRuns(run.job) < tonumber(run.max) end
