import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from '../member.js';
import { type Fault, mustHit, type Scene } from '../scene.js';
import type { Traffic } from '../tcp-proxy.js';

interface Victims {
  readonly members: readonly Member[];
  readonly who: string;
}

/** Picks the leader, a busy worker, both, or all members. */
async function victims({ cluster, random }: Scene): Promise<Victims> {
  const { member: leader } = await cluster.leader();
  const worker = await cluster.busyWorker((busy) => random.pick(busy));
  return random.pick<Victims>([
    { members: [leader], who: 'the leader' },
    { members: [worker], who: 'a busy worker' },
    { members: [leader, worker], who: 'the leader and a busy worker' },
    { members: cluster.members, who: 'everyone' },
  ]);
}

/** Returns a function that measures the traffic of these members from now on. */
function since(members: readonly Member[]): (what: keyof Traffic) => number {
  const before = members.map(({ proxy }) => ({ ...proxy.traffic }));
  return (what) =>
    members.reduce((sum, { proxy }, index) => sum + proxy.traffic[what] - (before[index]?.[what] ?? 0), 0);
}

function cutOff({ leaseMs }: Scene, members: readonly Member[], from: number): void {
  for (const member of members) member.afflict('cut off', from, Date.now() + leaseMs);
}

export const slow: Fault = {
  kind: 'slow connections',
  async strike(scene) {
    const { random, leaseMs } = scene;
    const { members, who } = await victims(scene);
    const passed = since(members);
    const from = Date.now();
    const delayMs = random.between(10, 150);
    for (const { proxy } of members) proxy.delay(delayMs);
    await delay(leaseMs);
    for (const { proxy } of members) proxy.open();
    cutOff(scene, members, from);
    mustHit(passed('late') > 0, 'no byte was late');
    return `${who}: ${passed('late')} bytes, each ${delayMs} ms late`;
  },
};

/** Requests and replies arrive after the lease has expired. */
export const late: Fault = {
  kind: 'connections that stand still past the lease',
  async strike(scene) {
    const { random, leaseMs } = scene;
    const { members, who } = await victims(scene);
    const passed = since(members);
    const from = Date.now();
    for (const { proxy } of members) proxy.hold();
    await delay(random.between(leaseMs, 2 * leaseMs));
    for (const { proxy } of members) proxy.open();
    cutOff(scene, members, from);
    mustHit(passed('late') > 0, 'no byte was late');
    return `${who}: ${passed('late')} bytes, up to ${Date.now() - from} ms late`;
  },
};

export const cut: Fault = {
  kind: 'connections cut',
  async strike(scene) {
    const { random } = scene;
    const { members, who } = await victims(scene);
    const passed = since(members);
    const from = Date.now();
    for (let round = 0; round < 4; round++) {
      for (const { proxy } of members) proxy.cut();
      await delay(random.between(20, 300));
    }
    cutOff(scene, members, from);
    mustHit(passed('cut') > 0, 'there was no connection');
    return `${who}: ${passed('cut')} connections`;
  },
};

/** Redis executes the commands, but the replies do not arrive. */
export const repliesLost: Fault = {
  kind: 'replies lost',
  async strike(scene) {
    const { random } = scene;
    const { members, who } = await victims(scene);
    const passed = since(members);
    const from = Date.now();
    for (let round = 0; round < 4; round++) {
      for (const { proxy } of members) proxy.mute();
      await delay(random.between(20, 150));
      for (const { proxy } of members) proxy.open();
      await delay(random.between(50, 200));
    }
    cutOff(scene, members, from);
    mustHit(passed('lost') > 0 && passed('requests') > 0 && passed('cut') > 0, 'no reply was lost');
    return `${who}: ${passed('lost')} bytes of replies, over ${passed('cut')} connections`;
  },
};

export const halfOpen: Fault = {
  kind: 'half-open connections past the lease',
  async strike(scene) {
    const { random, leaseMs } = scene;
    const { members, who } = await victims(scene);
    const passed = since(members);
    const from = Date.now();
    for (const { proxy } of members) proxy.swallow();
    await delay(random.between(leaseMs, 2 * leaseMs));
    for (const { proxy } of members) proxy.open();
    cutOff(scene, members, from);
    mustHit(passed('lost') > 0 && passed('cut') > 0, 'nothing was swallowed');
    return `${who}: ${passed('lost')} bytes swallowed for ${Date.now() - from} ms`;
  },
};
