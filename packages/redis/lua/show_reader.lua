#!lua flags=allow-oom
-- Shows what a member reads that is about to join.
-- USES  store, readers
-- ARGV  now or '', the member, for how long it is alive in ms
-- Returns  nil; an error where the member is not served
return showReader(ARGV[2], ARGV[3])
