-- A script that breaks off has done half of its work. So it breaks off here, where a key is of another type.
for _, name in ipairs({ 'jobs', 'cursor', 'runs', 'instances', 'waiting', 'progress', 'last', 'seq', 'quarantine' }) do
  redis.call('HLEN', key(name))
end
for _, name in ipairs({ 'schedule', 'held', 'leases', 'outbox' }) do redis.call('ZCARD', key(name)) end
redis.call('XLEN', key('log'))
