export { MemoryCluster, VirtualClock, type VirtualClockOptions } from '@carillon/core/memory';
export { type RunTaskOptions, runTask } from '@carillon/worker/testing';
export { TestCluster, type TestClusterOptions, testCluster } from './test-cluster.js';
