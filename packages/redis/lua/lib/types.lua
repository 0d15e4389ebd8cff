-- A script that fails halfway has done half of its work. So it fails here, before it writes, if a key is of another type. The replies also
-- show which keys are empty.
local HASHES = { 'jobs', 'cursor', 'runs', 'bodies', 'instances', 'waiting', 'progress', 'last', 'seq', 'quarantine' }
for _, name in ipairs(HASHES) do
  sizes[name] = redis.call('HLEN', key(name))
end
for _, name in ipairs({ 'schedule', 'held', 'leases', 'outbox' }) do sizes[name] = redis.call('ZCARD', key(name)) end
redis.call('XLEN', key('log'))
