const ELECTION_MS = 20_000;

/** Two coordinators, two workers. @param {import('../story.js').Show} show */
export async function setUp({ stage, narrator, observer }) {
  const { cluster, redis } = stage;
  narrator.act('1. A cluster of four processes');
  narrator.say(
    redis.source === 'url'
      ? `Redis is the one that REDIS_URL names. Keys begin with ${redis.prefix}; they are removed at the end.`
      : `Redis is one of the demo's own, ${redis.source === 'docker' ? 'in Docker' : `at ${redis.url}`}, with an append-only file.`,
  );
  await observer.listen(await stage.connect());
  const members = await startAll(cluster);
  if (!(await stage.unlessFailed(observer.until(() => observer.lastElection, ELECTION_MS)))) {
    throw new Error('no coordinator became the leader');
  }
  const { coordinatorId } = observer.lastElection;
  const does = ({ role, id }) => {
    if (role === 'worker') return 'runs tasks';
    return id === coordinatorId ? 'leads: decides what is due, and queues it' : 'stands by, should the leader die';
  };
  for (const member of members) {
    narrator.line(
      `  ${`${member.role} ${member.name}`.padEnd(16)}process ${String(member.pid).padEnd(8)} ${does(member)}`,
    );
  }
}

/** @param {import('../cluster.js').Cluster} cluster */
export async function startAll(cluster) {
  const workers = await Promise.all([cluster.start('worker', 'A'), cluster.start('worker', 'B')]);
  const coordinators = await Promise.all([cluster.start('coordinator', '1'), cluster.start('coordinator', '2')]);
  return [...coordinators, ...workers];
}
