import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { newScheduler, Stored } from '../../support/in-process.js';
import { Receiver } from '../../support/receiver.js';
import { carillon, done, file, Running, TASKS } from './carillon.js';

const SECRET = `whsec_${Buffer.alloc(32, 'key').toString('base64')}`;

const configOf = (hooks: string, hanging: string, ping: string) => `
rules:
  - name: fails
    when: failed
    job: 'night*'
  - name: gaps
    when: audit_gap
targets:
  ops: { url: '${hooks}/ops', secret: { env: HOOK_SECRET } }
  hanging: { url: '${hanging}', secret: ${SECRET}, timeout: 200ms }
heartbeats:
  - { job: nightly, url: '${ping}/some-uuid' }
alive:
  - { url: '${ping}/alive', every: 1s }
link: https://console.example/{jobStore}/jobs/{jobId}
allowHosts: [127.0.0.1]
`;

it('a cluster is watched by the command line: its alerts come signed, in order, once; they are listed and silenced', async () => {
  const { prefix } = new Stored();
  const hooks = await Receiver.open((number, response) => void response.writeHead(number === 1 ? 500 : 204).end());
  const hanging = await Receiver.open(() => {});
  const pings = await Receiver.open();
  const config = await file('alerts.yaml', configOf(hooks.url, hanging.url, pings.url));
  const setting = { prefix, env: { HOOK_SECRET: SECRET } };
  const checked = await done(['alerts', '--config', config, '--check'], setting);
  expect(checked.stdout).toBe(`${config}: 2 rules, 2 targets\n`);

  const servers = [
    new Running(['coordinator', '--lease', '10s'], { prefix }),
    new Running(['worker', '--tasks', await file('tasks.mjs', TASKS)], { prefix }),
  ];
  await servers[0]?.says('"leading"');
  await servers[1]?.says('worker started');
  const watching = new Running(['alerts', '--config', config], setting);
  await watching.says('watching a job store for alerts');
  const second = new Running(['alerts', '--config', config], setting);

  await done(['jobs', 'add', 'fail', '--id', 'nightly', '--every', '1h'], { prefix });
  await carillon(['jobs', 'run', 'nightly', '--wait'], { prefix });
  const [refused, opened] = await hooks.count(2);
  const reported = new Webhook(SECRET).verify(opened?.body ?? '', opened?.headers ?? {});
  expect(reported).toMatchObject({
    type: 'alert.opened',
    data: {
      rule: 'fails',
      jobId: 'nightly',
      why: expect.stringContaining('as planned'),
      link: 'https://console.example/default/jobs/nightly',
    },
  });
  // The refused notification is sent again unchanged.
  expect(refused).toMatchObject({ body: opened?.body, headers: { 'webhook-id': opened?.headers['webhook-id'] } });
  const { json } = await done(['alerts', 'list', '--json'], { prefix });
  expect(json).toMatchObject([{ rule: 'fails', jobId: 'nightly', silenced: false }]);

  const silenced = await done(['alerts', 'silence', '--job', 'night*', '--until', '1h', '--reason', 'mended'], {
    prefix,
  });
  const [, id = ''] = /^([\w-]+): silenced until/.exec(silenced.stdout) ?? [];
  expect((await done(['alerts', 'silences'], { prefix })).stdout).toMatch(/job night\*.*mended/);
  expect((await done(['alerts', 'list'], { prefix })).stdout).toMatch(/fails +nightly +yes +Job nightly: /);
  // One more alert opens, but is silenced.
  await done(['jobs', 'add', 'fail', '--id', 'nightly-2', '--every', '1h'], { prefix });
  await carillon(['jobs', 'run', 'nightly-2', '--wait'], { prefix });
  await eventually(async () => expect((await done(['alerts', 'list', '--json'], { prefix })).json).toHaveLength(2));
  // Another process continues where this one ends. A reported alert closes, though it is silenced.
  watching.signal('SIGTERM');
  expect((await watching.ended()).code).toBe(0);
  await second.says('watching a job store for alerts');
  await newScheduler(prefix).modifyJob('nightly', { task: 'greet', args: ['you'] });
  await done(['jobs', 'run', 'nightly', '--wait'], { prefix });
  const [, , closed] = await hooks.count(3);
  expect(JSON.parse(closed?.body ?? '')).toMatchObject({ type: 'alert.closed', data: { jobId: 'nightly' } });
  await done(['alerts', 'unsilence', id], { prefix });
  const [, , , unsilenced] = await hooks.count(4);
  expect(JSON.parse(unsilenced?.body ?? '')).toMatchObject({ type: 'alert.opened', data: { jobId: 'nightly-2' } });
  expect(await carillon(['alerts', 'unsilence', id], { prefix })).toMatchObject({ code: 3 });

  // The target that hangs has delayed nothing and lost nothing.
  expect(new Set(hanging.received.map(({ body }) => body))).toEqual(new Set([opened?.body]));
  hanging.answer = (_, response) => response.writeHead(200).end();
  const ids = () => [...new Set(hanging.received.map(({ headers }) => headers['webhook-id']))];
  await eventually(() => expect(ids()).toEqual(hooks.received.slice(1).map(({ headers }) => headers['webhook-id'])));

  const paths = () => pings.received.map(({ path }) => path);
  await eventually(() => expect(paths()).toContain('/alive'));
  await eventually(() =>
    expect(paths().filter((path) => path !== '/alive')).toEqual(
      ['start', 'fail', 'start'].map((end) => `/some-uuid/${end}`).concat('/some-uuid'),
    ),
  );
  expect(pings.received.find(({ path }) => path.endsWith('fail'))?.body).toBe('Error: as planned');
  for (const one of [second, ...servers]) {
    one.signal('SIGTERM');
    expect((await one.ended()).code).toBe(0);
  }
});

it.each([
  ['rules: [', /alerts\.yaml: .*Flow sequence/],
  ['rules:\n  - { name: a, when: failed, tims: 3 }', /alerts\.yaml: rules\[0\]\.tims: is not a setting/],
  ['rules:\n  - { name: a, when: late, by: 5 minutes }', /alerts\.yaml: rules\[0\]\.by: is not a duration/],
  [
    'rules: []\ntargets:\n  ops: { url: "https://x.example", secret: { env: NO_SUCH } }',
    /targets\.ops\.secret: the environment has no NO_SUCH/,
  ],
  ['rules: []\ntargets:\n  ops: { url: "ftp://x.example", secret: short }', /targets\.ops\.url: is not a URL/],
  [
    'rules:\n  - { name: a, when: failed, jobStore: other }',
    /rules\[0\]\.jobStore: it matches none of the job stores default/,
  ],
  ['- 1', /alerts\.yaml: /],
  ['', /alerts\.yaml: /],
])('what is wrong in %j is named by its path', async (text, says) => {
  const config = await file('alerts.yaml', text);
  const ended = await carillon(['alerts', '--config', config, '--check']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(says);
  expect(ended.stderr).toMatch(/^(carillon: [^\n]+\n)+$/);
});
