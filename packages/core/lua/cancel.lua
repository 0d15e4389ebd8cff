#!lua flags=allow-oom
-- Cancels runs, wherever they are.
-- USES  store, publish, run, outcome, instances
-- ARGV  now or '', then run ids
-- Returns  for each: 'cancelled', 'cancelling' (its worker was told) or 'unknown'
local reply = {}
for i = 2, #ARGV do
  local run = read(ARGV[i])
  reply[#reply + 1] = run and cancel(ARGV[i], run) or 'unknown'
end
return reply
