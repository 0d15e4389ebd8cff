#!lua flags=allow-oom
-- Notes whether a living worker that serves an executor has a task, as the calling worker has seen.
-- USES  store
-- ARGV  now or '', executor and task with a blank between them, '1' if a worker has it ('': none has), after how many ms without a note the
--       time without the task starts again ('': never), when that was seen
-- Returns  for how many ms no worker has had the task, as far as is known. If a worker joined after that was seen, '' notes nothing: this
--          worker may have the task
local name, forgetMs, lookedAt = key('absent:') .. ARGV[2], ARGV[4], ARGV[5]
if ARGV[3] == '1' then
  redis.call('DEL', name)
  return 0
end
local noted = redis.pcall('GET', name)
local since, seen = (type(noted) == 'string' and noted or ''):match('^(%d+) (%d+)$')
since, seen = tonumber(since), tonumber(seen)
if not since or since > now or (forgetMs ~= '' and now - seen > tonumber(forgetMs)) then since = now end
local joined = redis.pcall('GET', key('absent:') .. 'joined')
if type(joined) == 'string' and tonumber(lookedAt) <= (tonumber(joined) or 0) then return now - since end
redis.call('SET', name, since .. ' ' .. now, 'PX', 3600000)
return now - since
