#!lua flags=no-writes
-- Reads a page of the records of all jobs, in no order. A job that exists during the whole scan is on at least one page.
-- USES  store, foreign
-- ARGV  now or '', where to begin ('0' at first), about how many jobs
-- Returns  where to go on ('0': this was the last page), then id and record of each
local next, batch = unpack(redis.call('HSCAN', key('jobs'), ARGV[2], 'COUNT', ARGV[3]))
local reply = { next }
for at = 1, #batch, 2 do
  reply[at + 1], reply[at + 2] = sentId(batch[at]), batch[at + 1]
end
return reply
