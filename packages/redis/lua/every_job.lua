#!lua flags=no-writes
-- A page of the records of all jobs, in no order: a job that is there all the while is in some page.
-- USES  store, foreign
-- ARGV  now or '', where to begin ('0' at first), about how many jobs
-- Returns  where to go on ('0': this was the last page), then id and record of each
local next, batch = unpack(redis.call('HSCAN', key('jobs'), ARGV[2], 'COUNT', ARGV[3]))
local reply = { next }
for at = 1, #batch, 2 do
  reply[at + 1], reply[at + 2] = sentId(batch[at]), batch[at + 1]
end
return reply
