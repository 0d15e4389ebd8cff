import { MemoryCluster } from '@carillon/core/memory';
import { Alerts, type AlertsSettings } from 'carillon/alerts';
import { expect, it } from 'vitest';
import { checkSettings } from '../../../../packages/carillon/src/alerts/check.js';

const secret = Buffer.alloc(24).toString('base64');
const hook = { url: 'https://x.example', secret };
const rule = (more: object) => ({ rules: [{ name: 'a', when: 'failed', ...more }] });
const target = (more: object) => ({ rules: [], targets: { ops: { ...hook, ...more } } });

/** Wrong settings, and the beginning of the error for each. */
const WRONG: readonly (readonly [unknown, string])[] = [
  [undefined, 'alerts: '],
  [null, 'alerts: '],
  ['x', 'alerts: '],
  [{}, 'rules: '],
  [{ rules: {} }, 'rules: '],
  [{ rules: [1] }, 'rules[0]: '],
  [{ rules: [], rule: [] }, 'rule: is not a setting'],
  [rule({ when: 'fails' }), 'rules[0].when: is none of failed, missed,'],
  [rule({ when: undefined }), 'rules[0].when: is none of'],
  [rule({ name: 'a b' }), 'rules[0].name: is not a name'],
  [rule({ name: undefined }), 'rules[0].name: '],
  [rule({ times: 0 }), 'rules[0].times: '],
  [rule({ times: '3' }), 'rules[0].times: '],
  [rule({ for: '1h' }), 'rules[0].for: is not a setting'],
  [rule({ job: '' }), 'rules[0].job'],
  [rule({ job: 3 }), 'rules[0].job: is neither a pattern'],
  [rule({ job: [] }), 'rules[0].job'],
  [rule({ to: 'nobody' }), 'rules[0].to: "nobody" is not a target; there are none'],
  [rule({ when: 'late' }), 'rules[0].by: is not a duration'],
  [rule({ when: 'late', by: '5 minutes' }), 'rules[0].by: is not a duration'],
  [rule({ when: 'late', by: 0 }), 'rules[0].by: is shorter than 1ms'],
  [rule({ when: 'no_success', for: '40000d' }), 'rules[0].for: is not a duration'],
  [rule({ when: 'no_leader', for: '1m', job: 'x' }), 'rules[0].job: is not a setting'],
  [rule({ when: 'audit_gap', every: '1s' }), 'rules[0].every: is shorter than 1m'],
  [
    { rules: [...rule({}).rules, ...rule({ when: 'missed' }).rules] },
    'rules[1].name: "a" is the name of a rule before it',
  ],
  [{ rules: [], targets: { 'a b': hook } }, 'targets.a b: is not a name'],
  [{ rules: [], targets: { ops: 'https://x.example' } }, 'targets.ops'],
  [target({ url: 'ftp://x.example' }), 'targets.ops.url: is not a URL'],
  [target({ url: 'x.example' }), 'targets.ops.url: is not a URL'],
  [target({ url: 'https://ann:pw@x.example' }), 'targets.ops.url: has a user or a password'],
  [target({ secret: 'short' }), 'targets.ops.secret: is not a secret'],
  [target({ secret: 'ü'.repeat(40) }), 'targets.ops.secret: is not a secret'],
  [target({ secret: undefined }), 'targets.ops.secret: '],
  [target({ timeout: '30d' }), 'targets.ops.timeout: is not a duration'],
  [target({ timeut: 1 }), 'targets.ops.timeut: is not a setting'],
  [{ rules: [], heartbeats: [{ job: 'a' }] }, 'heartbeats[0].url: '],
  [{ rules: [], alive: [{ url: 'https://x.example', every: '10ms' }] }, 'alive[0].every: is shorter than 1s'],
  [{ rules: [], link: 'javascript:alert(1)' }, 'link: is not a URL'],
  [{ rules: [], allowHosts: 'localhost' }, 'allowHosts: '],
  [{ rules: [], maxQueued: 1 }, 'maxQueued: '],
];

it('names the path of each thing that is wrong', () => {
  for (const [settings, says] of WRONG) {
    const wrong = () => checkSettings(settings as AlertsSettings);
    expect(wrong, JSON.stringify(settings)).toThrow(says);
    expect(wrong).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
  }
  const two = { rules: [{ name: 'a', when: 'late' }], allowHosts: 3 };
  expect(() => checkSettings(two as never)).toThrow(/^rules\[0\]\.by: [^\n]+\nallowHosts: [^\n]+$/);
});

it('is refused by the constructor, too, before anything is opened', () => {
  const backend = new MemoryCluster().connect();
  expect(() => new Alerts({ backend, ...rule({ when: 'x' }) } as never)).toThrow('rules[0].when');
  expect(() => new Alerts({ backend, rules: [], prefixx: 'x' } as never)).toThrow('prefixx');
  expect(() => new Alerts({ rules: [] } as never)).toThrow('redis: give a URL');
});
