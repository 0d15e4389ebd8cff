#!lua
-- Publishes an event that goes with no change in this store.
-- USES  store, publish
-- ARGV  now or '', event, its body
publish(ARGV[2], ARGV[3])
