-- Forgets a worker. The event has `members`, and the cause: why the worker is gone.
local function forgetWorker(id, members, cause)
  redis.call('HDEL', key('workers:info'), id)
  redis.call('HDEL', key('readers'), 'worker ' .. id)
  if redis.call('ZREM', key('workers'), id) == 0 then return end
  publish('worker_left', members .. ',"workerId":' .. cjson.encode(id) .. ',"cause":"' .. cause .. '"')
end
