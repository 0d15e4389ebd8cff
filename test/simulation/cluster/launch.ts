import { Coordinator } from '@carillon/coordinator';
import { CarillonError, Scheduler } from '@carillon/core';
import { Worker } from '@carillon/worker';
import type { Intent } from '../operations/intent.js';
import { ask, newIntent } from '../operations/operations.js';
import { EXECUTORS } from '../operations/sketches.js';
import type { Member, World } from './world.js';

/** Starts a real coordinator, worker or scheduler (of a producer) in a process of the simulation. */
export function launch(member: Member, world: World): void {
  const { process, backend } = member;
  const { logger, journal, dice, sketches } = world;
  switch (process.role) {
    case 'coordinator': {
      const coordinator = new Coordinator({ backend, logger, lease: process.leaseMs });
      member.shutDown = () => coordinator.shutdown();
      void coordinator.start().catch(() => {});
      return;
    }
    case 'worker': {
      const executors = Object.fromEntries(EXECUTORS.map((alias) => [alias, { concurrency: dice.between(1, 4) }]));
      const tasks = journal.tasksOf(process.name, process.clock, world.relief ?? sketches.tasksOfWorker());
      const times = { lease: process.leaseMs, shutdownTimeout: 1_000, unknownTaskTimeout: sketches.patienceMs };
      const worker = new Worker({ backend, logger, tasks, executors, ...times });
      member.shutDown = () => worker.shutdown();
      void worker.start().catch(() => {});
      return;
    }
    case 'producer': {
      const scheduler = new Scheduler({ backend, logger });
      member.shutDown = () => scheduler.shutdown();
      askNow(member, world, scheduler);
    }
  }
}

/** Makes a producer ask for one operation after another, until faults are over or it is shut down. */
function askNow(member: Member, world: World, scheduler: Scheduler): void {
  const { dice, faults, sketches, clock } = world;
  member.process.clock.after(dice.between(0, dice.pick([30, 300, 1_200])), async () => {
    if (faults.isOver) return;
    const code = await asking(
      member,
      world,
      scheduler,
      newIntent(dice, sketches, Math.floor(clock.now()), world.auditor.runIds),
    );
    if (code !== 'SHUT_DOWN') askNow(member, world, scheduler);
  });
}

/** Asks for one operation, and reports its outcome to the auditor unless it is SHUT_DOWN. Resolves to the error's code; null on success. */
export async function asking(
  { process }: Pick<Member, 'process'>,
  world: World,
  scheduler: Scheduler,
  intent: Intent,
): Promise<string | null> {
  world.askings += 1;
  const asked = {
    ...{ n: world.askings, intent, process: process.name },
    get jumpedMs() {
      return process.jumpedMs;
    },
  };
  process.asked = asked;
  world.transcript.write(`${process.name} asks ${asked.n}: ${JSON.stringify(intent)}`);
  let value: unknown;
  const note = (answer: unknown) => {
    value = answer;
    return null;
  };
  const code = await ask(scheduler, intent).then(note, codeOf);
  process.asked = null;
  if (code !== 'SHUT_DOWN') world.auditor.asked(asked, code, value);
  world.transcript.write(`${process.name} asked ${asked.n}: ${code ?? 'done'}`);
  return code;
}

function codeOf(error: unknown): string {
  return error instanceof CarillonError ? error.code : String(error);
}
