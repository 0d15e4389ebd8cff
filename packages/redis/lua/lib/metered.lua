-- Jobs that ask for metrics of their own, by when they first asked. Their records say so at the beginning of their JSON. This list is not
-- part of the jobs: if the key is of another type, these jobs are not listed, and nothing else fails.
local function isMetered(record) return record and record:find('^%d+ %d+ [!-~]+ {"metrics":true') end

-- Updates the list when the record of a job changes from `before` to `after`. Either can be missing.
local function meter(id, before, after)
  if isMetered(after) then
    redis.pcall('ZADD', key('metered'), 'NX', now, id)
  elseif isMetered(before) then
    redis.pcall('ZREM', key('metered'), id)
  end
end
