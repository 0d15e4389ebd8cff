-- A script that breaks off has done half of its work. So it breaks off here, where a key is of another type.
local HASHES = { 'jobs', 'cursor', 'runs', 'bodies', 'instances', 'waiting', 'progress', 'last', 'seq', 'quarantine' }
for _, name in ipairs(HASHES) do
  redis.call('HLEN', key(name))
end
for _, name in ipairs({ 'schedule', 'held', 'leases', 'outbox' }) do redis.call('ZCARD', key(name)) end
redis.call('XLEN', key('log'))
