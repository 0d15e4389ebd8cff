const ELECTION_MS = 20_000;

/** kill -9 of the leader. @param {import('../story.js').Show} show */
export async function takeOver({ stage, narrator, observer, grid }) {
  const { cluster } = stage;
  const before = observer.lastElection;
  const leader = cluster.member(before.coordinatorId);
  narrator.act(`3. kill -9 of coordinator ${leader.name}, the leader`);
  narrator.say(
    'It cannot report that. Nothing fires until its lease of 3 seconds runs out and the other coordinator takes over; ' +
      'what falls due meanwhile stays owed.',
  );
  grid.head(['tick', 'report', 'quote', 'mail', 'slow', 'audit']);

  const killedAt = Date.now();
  await cluster.kill(leader);
  const isNew = () => observer.lastElection.epoch > before.epoch;
  if (!(await stage.unlessFailed(observer.until(isNew, ELECTION_MS)))) throw new Error('no coordinator took over');

  const after = observer.lastElection;
  const seconds = ((after.heardAt - killedAt) / 1_000).toFixed(1);
  narrator.line();
  narrator.say(
    `${narrator.paint('bold', `Coordinator ${cluster.nameOf(after.coordinatorId)} leads, ${seconds} s after the kill.`)} ` +
      'What is owed runs now: tick catches up on each fire time, report makes do with one run, quote drops what is too late.',
  );
  narrator.say(
    `The epoch rose from ${before.epoch} to ${after.epoch}: should a dead leader wake up, its writes are refused.`,
  );
  const { pid } = await cluster.start('coordinator', leader.name);
  narrator.say(`Coordinator ${leader.name} is started again, as process ${pid}. It stands by.`);
  grid.head(['tick', 'report', 'quote', 'mail', 'slow', 'audit']);
}
