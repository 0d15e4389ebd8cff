#!lua
-- Shows how far runs are.
-- USES  store, page, foreign, record, run
-- ARGV  now or '', then for each run: id, token, JSON
for i = 2, #ARGV, 3 do
  local run = read(ARGV[i])
  if run and run.token == ARGV[i + 1] then set('progress', ARGV[i], ARGV[i + 2]) end
end
flush()
