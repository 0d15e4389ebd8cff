import { expect, test } from 'vitest';
import { noWay, place, unanswered } from '../../../../packages/carillon/src/local-redis/errors.js';

test('where no way is open, it says why and names a command for each', () => {
  const { message } = noWay(['neither redis-server nor valkey-server is on the PATH']);
  expect(message).toContain('neither redis-server nor valkey-server is on the PATH');
  expect(message).toContain('apt-get install -y redis-server');
  expect(message).toContain('systemctl start docker');
  expect(message).toContain('export REDIS_URL=redis://127.0.0.1:6379');
});

test('a REDIS_URL that does not answer is named without its password', () => {
  const { message } = unanswered('redis://me:secret@db.example:6380/1', new Error('connect ECONNREFUSED'));
  expect(message).toContain('db.example:6380');
  expect(message).toContain('connect ECONNREFUSED');
  expect(message).not.toContain('secret');
});

test('not even a URL that cannot be read is quoted', () => {
  expect(place('me:secret@')).not.toContain('secret');
  expect(place('//secret')).not.toContain('secret');
});
