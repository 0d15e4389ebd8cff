-- The order in which jobs are due.

-- Returns the rank of the first job after a place: a due instant, and the id that `sentId` returned of a job that was due then. If that job has
-- moved, this is the first job of that instant, so that none is left out.
local function rankAfter(due, sent)
  local schedule, id = key('schedule'), meant(sent)
  local isThere = redis.call('ZSCORE', schedule, id) == due
  return isThere and redis.call('ZRANK', schedule, id) + 1 or redis.call('ZCOUNT', schedule, '-inf', '(' .. due)
end
