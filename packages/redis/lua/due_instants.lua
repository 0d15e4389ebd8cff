#!lua flags=no-writes
-- When jobs are due.
-- USES  store
-- ARGV  now or '', then job ids: at most 2,000
-- Returns  of each its due instant; nil: it is paused, or there is none of this id
if #ARGV == 1 then return {} end
return redis.call('ZMSCORE', key('schedule'), unpack(ARGV, 2))
