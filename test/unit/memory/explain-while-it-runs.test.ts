import { interval } from '@carillon/core';
import type { JobStore } from '@carillon/core/internal';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';
import { Explainer } from '../../../packages/core/src/account/read/explainer.js';

const START = Date.parse('2026-10-24T12:00:00Z');
const SETTLED = ['executed', 'error', 'cancelled', 'max_instances', 'missed', 'coalesced'];

it('what happens between the reads of one explanation makes none of them wrong', async () => {
  const slow = () => new Promise<void>((resolve) => void clock.after(2_500, resolve));
  const fails = async () => {
    throw new TypeError('no such file');
  };
  await using cluster = await testCluster({ tasks: { slow, fails }, start: new Date(START) });
  const { clock, scheduler } = cluster;
  const each = interval({ seconds: 2, startAt: new Date(START + 2_000) });
  const policy = { trigger: each, misfireGraceTime: null };
  for (const overlap of ['skip', 'queue', 'replace'] as const)
    await scheduler.addJob({ ...policy, id: overlap, task: 'slow', overlap });
  const retry = { attempts: 2, backoff: { type: 'fixed', delay: '1s' } } as const;
  await scheduler.addJob({ ...policy, id: 'fails', task: 'fails', retry });
  const { alias, records } = cluster.cluster.connect().jobStore('default');
  // Each read takes time, so the next read is later.
  const moving = new Proxy(records, {
    get: (of, name) => {
      const read: unknown = of[name as keyof typeof of];
      if (typeof read !== 'function') return read;
      return async (...args: unknown[]) => {
        await clock.advance(700);
        return read.apply(of, args);
      };
    },
  });
  const explainer = new Explainer({ alias, records: moving } as JobStore);
  const wrong: string[] = [];
  const seen = new Set<string>();
  await clock.advance('20s');
  for (let turn = 0; turn < 3; turn++) {
    for (const id of ['skip', 'queue', 'replace', 'fails']) {
      // Something happens to the newest fire times during the reads.
      for (const back of [1, 2, 3]) {
        const at = Math.floor((clock.now() - 2_000 * back) / 2_000) * 2_000;
        const { code, sentence } = await explainer.at(id, () => at);
        seen.add(code);
        if (code !== 'waiting' && !SETTLED.includes(code)) wrong.push(`${id}: ${sentence}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect([...seen]).toEqual(expect.arrayContaining(['executed', 'waiting']));
});
