import { compileTrigger, cron } from '@carillon/core';
import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { convertCrontabs } from '../../../../packages/carillon/src/import/crontab/convert.js';
import { triggerOf } from '../../../../packages/carillon/src/import/crontab/trigger.js';
import { type Choices, isCarried } from '../../../../packages/carillon/src/import/entry.js';

const CHOICES: Choices = {
  task: (name) => name,
  executor: () => undefined,
  timezone: 'Europe/Berlin',
  tags: undefined,
  paused: false,
};

const convert = (text: string, { hasUsers = false, choices = CHOICES } = {}) =>
  convertCrontabs([{ file: 'f', name: 'f', text, hasUsers }], choices);

const specsOf = (text: string, options = {}) =>
  convert(text, options).entries.flatMap((entry) => (isCarried(entry) ? [entry.spec] : []));

const notesOf = (text: string, options = {}) =>
  convert(text, options).entries.flatMap((entry) => (isCarried(entry) ? entry.notes.map((note) => note.text) : []));

const triggerFor = (schedule: string, timezone = 'UTC') =>
  triggerOf(schedule.split(' ') as unknown as [string], { timezone }).trigger;

/** Debian's crontab without its comments. */
const DEBIAN = `SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin

# *  *  *  *  * user-name command to be executed
17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly
25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
47 6\t* * 7\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }
52 6\t1 * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }
#
`;

/** Lines of the forms that crontab(5) explains. */
const MANUAL = `SHELL=/bin/sh
MAILTO=paul
5 0 * * *       $HOME/bin/daily.job >> $HOME/tmp/out 2>&1
15 14 1 * *     $HOME/bin/monthly
0 22 * * 1-5    mail -s "It's 10pm" joe%Joe,%%Where are your kids?%
23 0-23/2 * * * echo "run 23 minutes after midn, 2am, 4am ..., everyday"
5 4 * * sun     echo "run at 5 after 4 every Sunday"
33 22 * * *     expr $(date +\\%s) / 60 / 60 / 24 \\% 9 > /dev/null || echo Wax the floor.
`;

describe('a crontab', () => {
  it("of Debian's, with its users", () => {
    const env = { SHELL: '/bin/sh', PATH: '/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin' };
    const specs = specsOf(DEBIAN, { hasUsers: true });
    expect(specs).toHaveLength(4);
    expect(specs[0]).toEqual({
      id: expect.stringMatching(/^f:cd-run-parts-report-etc-cron\.hourly:[0-9a-f]{8}$/),
      name: 'cd / && run-parts --report /etc/cron.hourly',
      task: 'shell',
      args: ['cd / && run-parts --report /etc/cron.hourly'],
      kwargs: { env, user: 'root' },
      trigger: cron('17 * * * *', { timezone: 'Europe/Berlin' }),
      executor: undefined,
    });
    expect(specs.map((spec) => (spec.trigger as { expression?: string }).expression)).toEqual([
      '17 * * * *',
      '25 6 * * *',
      '47 6 * * 7',
      '52 6 1 * *',
    ]);
    expect(notesOf(DEBIAN, { hasUsers: true })).toContain('cron runs it as root, a worker as its own user');
  });

  it('of the manual, with percents, names and mail', () => {
    const specs = specsOf(MANUAL);
    expect(specs.map((spec) => [spec.args?.[0], spec.kwargs?.stdin])).toEqual([
      ['$HOME/bin/daily.job >> $HOME/tmp/out 2>&1', undefined],
      ['$HOME/bin/monthly', undefined],
      [`mail -s "It's 10pm" joe`, 'Joe,\n\nWhere are your kids?\n'],
      ['echo "run 23 minutes after midn, 2am, 4am ..., everyday"', undefined],
      ['echo "run at 5 after 4 every Sunday"', undefined],
      ['expr $(date +%s) / 60 / 60 / 24 % 9 > /dev/null || echo Wax the floor.', undefined],
    ]);
    expect(JSON.stringify(specs)).not.toContain('MAILTO');
    expect(new Set(notesOf(MANUAL))).toEqual(new Set(['MAILTO=paul: no mail is sent; see carillon alerts']));
  });

  it('reads assignments as they hold from there on', () => {
    const specs = specsOf('A = 1\n* * * * * one\nA=\'two words\'\n"B"=\n* * * * * X=1 two\r\n');
    expect(specs.map((spec) => spec.kwargs)).toEqual([{ env: { A: '1' } }, { env: { A: 'two words', B: '' } }]);
    expect(specs.map((spec) => spec.args)).toEqual([['one'], ['X=1 two']]);
  });

  it('takes CRON_TZ for the clock, and TZ for the command alone', () => {
    const text = 'TZ=Asia/Tokyo\n0 9 * * * a\nCRON_TZ=America/New_York\n0 9 * * * b';
    const choices = { ...CHOICES, timezone: undefined };
    expect(specsOf(text, { choices }).map((spec) => spec.trigger)).toEqual([
      cron('0 9 * * *', { timezone: 'UTC' }),
      cron('0 9 * * *', { timezone: 'America/New_York' }),
    ]);
    expect(specsOf(text, { choices }).map((spec) => spec.kwargs)).toEqual(Array(2).fill({ env: { TZ: 'Asia/Tokyo' } }));
    expect(notesOf(text, { choices })).toEqual([
      'read in UTC, while cron uses the zone of its machine: give --timezone; TZ=Asia/Tokyo is for the command alone, as in Vixie cron',
    ]);
  });

  it('gives ids that stay where lines move and schedules change, and differ where a command comes twice', () => {
    const ids = (text: string) => specsOf(text).map((spec) => spec.id);
    const [first] = ids('0 1 * * * a');
    expect(ids('\n# moved\n0 2 * * * a')).toEqual([first]);
    expect(ids('0 1 * * * a\n0 2 * * * a')).toEqual([first, `${first}:2`]);
    expect(ids('0 1 * * * b')).not.toEqual([first]);
  });

  it('says what cannot be carried over, and which lines cannot be read', () => {
    const text = '@reboot a\n61 * * * * b\n* * * * c\n0 0 * * fri-sun d\n5/15 * * * * e\n@often f\n\n* * * * * %x';
    const { entries, faults } = convert(text);
    expect(entries).toEqual([{ from: 'f:1', why: expect.stringContaining('@reboot') }]);
    expect(faults.map(({ number, why }) => `${number}: ${why}`)).toEqual([
      '2: minute "61" has "61", which is not 0–59',
      '3: "* * * * c" is neither NAME=value nor five fields and a command',
      '4: day of week "fri-sun" has the range fri-sun, which ends before it begins: cron does not take it',
      '5: minute "5/15" has a step after a single value, which cron does not take: write 5-59/15',
      '6: @often is not one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly',
      '8: "* * * * * %x" has no command before its %',
    ]);
  });
});

describe('a schedule', () => {
  it('fires as croner says where both name one rule', () => {
    const after = new Date('2027-01-15T12:34:56Z');
    for (const text of [
      '17 * * * *',
      '25 6 * * *',
      '47 6 * * 7',
      '52 6 1 * *',
      '0 22 * * 1-5',
      '23 0-23/2 * * *',
      '0 0 1,15 * 3',
    ]) {
      const theirs = new Cron(text, { timezone: 'Europe/Berlin' }).nextRuns(20, after);
      const ours = compileTrigger(triggerFor(text, 'Europe/Berlin'));
      let at: Date | null = after;
      for (const expected of theirs) {
        at = ours.next(at as Date);
        expect([text, at]).toEqual([text, expected]);
      }
    }
  });

  it('needs both days where one begins with a star', () => {
    expect(triggerFor('0 0 */2 * 1')).toMatchObject({
      fields: { day: expect.stringMatching(/^1,3,5/), dayOfWeek: '0' },
    });
    expect(triggerFor('0 0 13 * 5')).toMatchObject({ expression: '0 0 13 * 5' });
    expect(triggerFor('0 0 1-31 * 5')).toMatchObject({ expression: '0 0 * * *' });
  });

  it('follows a clock change as cron does: by elapsed time where minutes or hours begin with a star', () => {
    const berlin = (text: string) => compileTrigger(triggerFor(text, 'Europe/Berlin'));
    // 02:00 to 03:00 does not exist.
    expect(berlin('*/30 2 * * *').next(new Date('2027-03-28T00:00Z'))).toEqual(new Date('2027-03-29T00:00Z'));
    expect(berlin('30 2 * * *').next(new Date('2027-03-28T00:00Z'))).toEqual(new Date('2027-03-28T01:30Z'));
    // 02:30 occurs twice.
    expect(berlin('30 */2 * * *').next(new Date('2027-10-31T00:30Z'))).toEqual(new Date('2027-10-31T01:30Z'));
    expect(berlin('30 2 * * *').next(new Date('2027-10-31T00:30Z'))).toEqual(new Date('2027-11-01T01:30Z'));
    expect(berlin('30 0-23 * * *').next(new Date('2027-10-31T00:30Z'))).toEqual(new Date('2027-10-31T02:30Z'));
  });

  it('takes steps that are longer than what they step over, and random values', () => {
    expect(triggerFor('*/90 * * * *')).toMatchObject({ expression: '0 * * * *' });
    expect(triggerFor('0~29 ~ * * *')).toMatchObject({ expression: 'H(0-29) H(0-23) * * *' });
  });
});
