import { describe, expect, it } from 'vitest';
import { idOf, lineOf, lineTracesOf } from '../../../../packages/core/src/finding/line.js';
import { checkFilter, EACH_JOB, type JobFilter } from '../../../../packages/core/src/job/filter.js';

const traces = (filter: JobFilter) => lineTracesOf(checkFilter('test', filter) ?? EACH_JOB);

describe('the line of a job', () => {
  it('has its id as it is, and its texts in small letters', () => {
    const json = JSON.stringify({ task: 'Mail.send', executor: 'slow', tags: ['Zürich'], args: ['secret'] });
    expect(lineOf('Job "1"', json)).toBe(String.raw`"Job \"1\""["job \"1\"","mail.send","slow","zürich"]`);
    expect(lineOf('job', '{"task":"a","name":"B","description":"two\\nlines"}')).toBe(
      String.raw`"job"["a","b","two\nlines"]`,
    );
  });

  it.each(['plain', 'with "quotes"', 'back\\slash', 'line\nbreak', 'Ünï', '\ud800', '[', '"'])(
    'gives %j back as its id',
    (id) => {
      const line = lineOf(id, '{"task":"a"}') ?? '';
      expect(line).not.toContain('\n');
      expect(idOf(line)).toBe(id);
    },
  );

  it.each(['', 'null', '1', '{', '"text"'])('there is none of a record that is %j', (json) => {
    expect(lineOf('job', json)).toBeNull();
  });

  it('has what other types of members are left out', () => {
    expect(lineOf('job', '{"task":1,"tags":"none","name":["x"]}')).toBe('"job"[]');
  });
});

describe('what is looked for in lines', () => {
  it('is each text, tag and task, the longest first', () => {
    expect(traces({ text: ' Two\nlines ', tags: ['A'], task: 'Mail' })).toEqual(['two\\nlines', '"mail"', '"a"']);
    expect(traces({ executor: 'Slow' })).toEqual(['"slow"']);
  });

  it.each<JobFilter>([
    { state: 'paused' },
    { executor: 'default' },
    { lastOutcome: 'error' },
    { dueBefore: new Date() },
    { state: 'running', text: 'a' },
    { text: 'a\ud800' },
  ])('is nothing by %j', (filter) => {
    expect(traces(filter)).toBeNull();
  });
});
