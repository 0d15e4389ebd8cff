/**
 * What is broken on purpose, one at a time: in `file`, the one place where `find` stands gets `replace`. Each takes away
 * something on which a promise rests.
 */
const memory = 'packages/core/src/memory';
const coordinator = 'packages/coordinator/src';
const worker = 'packages/worker/src';

export const MUTATIONS = [
  {
    what: 'fencing: a write is not refused when its term is over',
    file: `${memory}/term-store.ts`,
    find: `if (this.#state.epoch !== epoch) return { status: 'over' };`,
    replace: `if (epoch < 0) return { status: 'over' };`,
  },
  {
    what: 'fencing: a term begins without a higher epoch',
    file: `${memory}/term-store.ts`,
    find: `Math.max((state.epoch ?? 0) + 1, now)`,
    replace: `state.epoch ?? now`,
  },
  {
    what: 'fencing: a term begins for one whose lock is lost',
    file: `${memory}/term-store.ts`,
    find: `if (!holds(state, lock)) return null;`,
    replace: `if (!holds(state, lock) && lock === '') return null;`,
  },
  {
    what: 'outbox: a run does not enter it',
    file: `${memory}/store/admit.ts`,
    find: `state.outbox.set(runId, now);`,
    replace: `if (now < 0) state.outbox.set(runId, now);`,
  },
  {
    what: 'outbox: a run leaves it before it is queued',
    file: `${coordinator}/dispatch.ts`,
    find: `const outcomes = await queue.add(deliveries);`,
    replace: `unfenced(await terms.delivered({ epoch, runs }));
    const outcomes = await queue.add(deliveries);`,
  },
  {
    what: 'outbox: a run leaves it though it is not known to be queued',
    file: `${coordinator}/dispatch.ts`,
    find: `left += 1;`,
    replace: `left += 1;
        queued.push(run);`,
  },
  {
    what: 'outbox: a run leaves it though the ledger names another delivery',
    file: `${memory}/store/outbox.ts`,
    find: `if (!run || (!run.damaged && run.deliveryId === deliveryId)) state`,
    replace: `if (!run || deliveryId !== '') state`,
  },
  {
    what: 'start: a delivery that the ledger does not name is not dropped',
    file: `${memory}/store/start.ts`,
    find: `if (run.deliveryId !== params.deliveryId) return`,
    replace: `if (params.deliveryId === '') return`,
  },
  {
    what: 'start: misfire grace is tested at each start',
    file: `${memory}/store/start.ts`,
    find: `run.starts === 0 ? miss(state, run, now) : 0`,
    replace: `miss(state, run, now)`,
  },
  {
    what: 'settle: the token is not looked at',
    file: `${memory}/store/settle.ts`,
    find: `if (run?.token !== token || run.done !== index) return 'void';`,
    replace: `if (!run || token === '' || run.done !== index) return 'void';`,
  },
  {
    what: 'settle: a repeated call is not told from a new one',
    file: `${memory}/store/settle.ts`,
    find: `if (answered) return answered;`,
    replace: `if (answered && now < 0) return answered;`,
  },
  {
    what: 'claim: rev is not looked at',
    file: `${memory}/store/claim.ts`,
    find: `if (!job || job.damaged || job.rev !== one.expected.rev) continue;`,
    replace: `if (!job || job.damaged) continue;`,
  },
  {
    what: 'claim: the due instant is not looked at',
    file: `${memory}/store/claim.ts`,
    find: `if (state.schedule.score(one.id) !== one.expected.dueAt) continue;`,
    replace: ``,
  },
  {
    what: 'claim: a paused store fires',
    file: `${memory}/store/claim.ts`,
    find: `if (state.paused) return 'paused';`,
    replace: `if (state.paused && claims.length > 100) return 'paused';`,
  },
  {
    what: 'put: rev is not looked at',
    file: `${memory}/store/put.ts`,
    find: `record.rev === expected.rev &&`,
    replace: ``,
  },
  {
    what: 'put: the due instant is not looked at',
    file: `${memory}/store/put.ts`,
    find: ` &&
    (state.schedule.score(id) ?? null) === expected.dueAt`,
    replace: ``,
  },
  {
    what: 'put: a reading of any age will do',
    file: `${memory}/store/put.ts`,
    find: `if (now - readAt > MAX_READING_AGE_MS)`,
    replace: `if (now - readAt > 100 * MAX_READING_AGE_MS)`,
  },
  {
    what: 'submit: a repeated call is not told from a new one',
    file: `${memory}/store/submit.ts`,
    find: `if (answered) return answered;`,
    replace: `if (answered && now < 0) return answered;`,
  },
  {
    what: 'count: it does not go down when a run is over',
    file: `${memory}/store/finish.ts`,
    find: `countInstance(state, jobId, -1);`,
    replace: `if (jobId === '') countInstance(state, jobId, -1);`,
  },
  {
    what: 'count: it does not go up when a run is entered',
    file: `${memory}/store/admit.ts`,
    find: `countInstance(state, jobId, 1);`,
    replace: `if (jobId === '') countInstance(state, jobId, 1);`,
  },
  {
    what: 'count: a job may have one run more',
    file: `${memory}/store/instances.ts`,
    find: `(state.instances.get(jobId) ?? 0) < maxInstances`,
    replace: `(state.instances.get(jobId) ?? 0) <= maxInstances`,
  },
  {
    what: 'leases: a heartbeat needs no token',
    file: `${memory}/store/workers.ts`,
    find: `if (run?.token !== token) {`,
    replace: `if (!run || token === '') {`,
  },
  {
    what: 'leases: a run is reaped while its lease lasts',
    file: `${memory}/store/reap.ts`,
    find: `(lease !== undefined && lease > now) || `,
    replace: ``,
  },
  {
    what: 'reaping: nobody looks for runs that were lost',
    file: `${coordinator}/reaper.ts`,
    find: `for (const suspect of page.suspects) {`,
    replace: `for (const suspect of page.suspects.slice(0, 0)) {`,
  },
  {
    what: 'reaping: a run whose delivery is on its queue',
    file: `${memory}/term-store.ts`,
    find: `.has(suspect.deliveryId);`,
    replace: `.has('');`,
  },
  {
    what: 'takeover: the outbox is not drained but after a claim',
    file: `${coordinator}/leader.ts`,
    find: ` || (page.outboxAt !== null && page.outboxAt <= page.now)`,
    replace: ``,
  },
  {
    what: 'run id: the same after a reschedule',
    file: 'packages/core/src/job/definition.ts',
    find: `createHash('sha256').update(`,
    replace: `((generation = 0), createHash('sha256')).update(`,
  },
  {
    what: 'planning: what a run stands for is not told',
    file: `${coordinator}/plan.ts`,
    find: `? { fires, coalesced: upTo(older), missed: null, next }`,
    replace: `? { fires, coalesced: upTo(null), missed: null, next }`,
  },
  {
    what: 'planning: the next fire is the first one after now',
    file: `${coordinator}/plan.ts`,
    find: `fireAfter(trigger, newest.fireTime)`,
    replace: `fireAfter(trigger, now)`,
  },
  {
    what: 'planning: lateness is counted from the fire time, without its jitter',
    file: `${coordinator}/plan.ts`,
    find: `({ dueAt }: Pending) => policy.misfireGraceMs === null || now - dueAt <=`,
    replace: `({ fireTime: dueAt }: Pending) => policy.misfireGraceMs === null || now - dueAt <=`,
  },
  {
    what: 'changes: fire times that a reschedule takes away are not told as missed',
    file: 'packages/core/src/job/changes.ts',
    find: `events: [...missed(read, job), draft(jobStore, 'job_modified', told)],`,
    replace: `events: [draft(jobStore, 'job_modified', told)],`,
  },
  {
    what: 'changes: a redeploy runs a job again that had finished',
    file: 'packages/core/src/job/adding.ts',
    find: `if (spec.replaceExisting && tombstone === digest) return over;`,
    replace: ``,
  },
  {
    what: 'events: numbered over all types together',
    file: `${memory}/store/state.ts`,
    find: `this.#seq.set(type, seq);`,
    replace: `this.#seq.set(type, seq).set('job_started', seq);`,
  },
  {
    what: 'worker: an execution that was aborted since its run was lost is settled as an error',
    file: `${worker}/executors/limits.ts`,
    find: `return ended?.outcome === 'executed' ? ended : { outcome: 'aborted' };`,
    replace: `return ended ?? { outcome: 'aborted' };`,
  },
  {
    what: 'worker: what its task still runs is handed back at once',
    file: `${worker}/delivery.ts`,
    find: `await within(clock, leaseMs, `,
    replace: `await within(clock, 0 * leaseMs, `,
  },
  {
    what: 'worker: a delivery that comes late disturbs who runs the run under another one',
    file: `${worker}/delivery.ts`,
    find: `const isSame = (run: ActiveRun) => run.deliveryId === deliveryId;`,
    replace: `const isSame = (run: ActiveRun) => run.deliveryId !== '';`,
  },
  {
    what: 'worker: a run that begins after an outage is lost with those from before',
    file: `${worker}/heartbeat.ts`,
    find: `isOverdue(Math.max(this.#renewedAt, run.askedAt))`,
    replace: `isOverdue(Math.min(this.#renewedAt, run.askedAt))`,
  },
  {
    what: 'hand-back: a run that was not started cannot be handed back',
    file: `${memory}/store/workers.ts`,
    find: `(run.token ?? run.deliveryId) !== token`,
    replace: `run.token !== token`,
  },
];
