#!lua flags=allow-oom
-- Shows which formats a member reads that is about to join.
-- USES  store, readers
-- ARGV  now or '', the member, how long it counts as alive in ms
-- Returns  nil; an error if the member is not served
return showReader(ARGV[2], ARGV[3])
