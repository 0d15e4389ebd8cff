#!lua flags=allow-oom
-- Notes whether a living worker that serves an executor has a task, as a worker has just seen.
-- USES  store
-- ARGV  now or '', executor and task with a blank between them, '1' if a worker has it ('': none has), after how many ms without
--       a note the time counts from now on ('': it never does), when that was seen
-- Returns  for how many ms no worker has had it, as far as is known. What was seen before the last worker joined changes nothing: that
--          one may have it
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
