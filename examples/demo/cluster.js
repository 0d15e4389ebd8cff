import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A coordinator or a worker, in a process of its own.
 * @typedef {object} Member
 * @property {'coordinator' | 'worker'} role
 * @property {string} name
 * @property {string} id what Carillon calls it
 * @property {number} pid
 * @property {import('node:child_process').ChildProcess} child
 * @property {Promise<unknown>} ended
 * @property {boolean} isEnding whether it was asked to end
 */

/** The processes of the demo. What they log goes to a file. */
export class Cluster {
  #options;
  #logPath;
  #log;
  /** @type {Set<Member>} */
  #members = new Set();
  #names = new Map();
  #isClosed = false;
  #fail;
  /** Rejects as soon as a process ends that was not asked to. */
  failed = new Promise((_, reject) => {
    this.#fail = reject;
  });

  /** @param {{ redis: string, prefix: string, folder: string, journal: string }} place */
  constructor({ redis, prefix, folder, journal }) {
    this.#options = { coordinator: { redis, prefix }, worker: { redis, prefix, journal } };
    this.#logPath = join(folder, 'log');
    this.#log = openSync(this.#logPath, 'a');
    this.failed.catch(() => {});
  }

  /** Resolves with the member once it is ready. */
  async start(role, name) {
    if (this.#isClosed) throw new Error('the cluster is closed');
    const file = fileURLToPath(new URL(`processes/${role}.js`, import.meta.url));
    const given = role === 'worker' ? { ...this.#options.worker, name } : this.#options.coordinator;
    const stdio = ['ignore', this.#log, this.#log, 'ipc'];
    const child = fork(file, [JSON.stringify(given)], { stdio, execArgv: [] });
    const member = { role, name, id: '', pid: child.pid, child, ended: once(child, 'exit'), isEnding: false };
    this.#members.add(member);
    child.once('exit', (code, signal) => this.#onExit(member, code ?? signal));
    const [{ id }] = await Promise.race([once(child, 'message'), this.failed]);
    member.id = id;
    this.#names.set(id, name);
    return member;
  }

  /** The process behind an id that an event names; also one that is gone. */
  nameOf(id) {
    return this.#names.get(id) ?? '?';
  }

  /** @param {string} id */
  member(id) {
    return [...this.#members].find((member) => member.id === id);
  }

  /** kill -9: it has no chance to say or do anything. */
  async kill(member) {
    member.isEnding = true;
    member.child.kill('SIGKILL');
    await member.ended;
  }

  /** SIGTERM to all: they hand over, finish what they have at hand, and end. */
  async shutdown() {
    const members = [...this.#members];
    for (const member of members) {
      member.isEnding = true;
      member.child.kill('SIGTERM');
    }
    await Promise.all(members.map(({ ended }) => ended));
  }

  /** Ends whatever still runs, at once. */
  async close() {
    this.#isClosed = true;
    await Promise.all([...this.#members].map((member) => this.kill(member)));
  }

  #onExit(member, how) {
    this.#members.delete(member);
    if (member.isEnding) return;
    const said = readFileSync(this.#logPath, 'utf8').trim().split('\n').slice(-5).join('\n');
    this.#fail(
      new Error(`${member.role} ${member.name} ended unexpectedly (${how}). The last lines of the log:\n${said}`),
    );
  }
}
