-- A script that breaks off has done half of its work. So it breaks off here, where a key is of another type. The answers also say which
-- keys are empty.
local HASHES = { 'jobs', 'cursor', 'runs', 'bodies', 'instances', 'waiting', 'progress', 'last', 'seq', 'quarantine' }
for _, name in ipairs(HASHES) do
  sizes[name] = redis.call('HLEN', key(name))
end
for _, name in ipairs({ 'schedule', 'held', 'leases', 'outbox' }) do sizes[name] = redis.call('ZCARD', key(name)) end
redis.call('XLEN', key('log'))
