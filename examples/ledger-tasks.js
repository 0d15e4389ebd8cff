// A module of tasks that need something that is open: `setup` opens it before the first task, `teardown` closes it after the last.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder;
let ledger;

export async function setup() {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  ledger = await open(join(folder, 'ledger'), 'a+');
  console.log('setup: the ledger is open');
}

export async function teardown() {
  await ledger.close();
  await rm(folder, { recursive: true });
  console.log('teardown: the ledger is closed');
}

export const tasks = {
  'ledger.book': async (amount) => {
    await ledger.appendFile(`${amount}\n`);
    return amount;
  },
};
