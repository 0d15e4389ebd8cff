#!lua flags=no-writes
-- Reads when jobs are due.
-- USES  store
-- ARGV  now or '', then job ids: at most 2,000
-- Returns  the due instant of each; nil: the job is paused, or does not exist
if #ARGV == 1 then return {} end
return redis.call('ZMSCORE', key('schedule'), unpack(ARGV, 2))
