import { expect, test } from 'vitest';
import { encode, parseReplies } from '../../../../packages/carillon/src/local-redis/resp.js';

const replies = (text: string) => parseReplies(Buffer.from(text));

test('a command is an array of strings, their lengths in bytes', () => {
  expect(encode(['PING'])).toBe('*1\r\n$4\r\nPING\r\n');
  expect(encode(['GET', 'é'])).toBe('*2\r\n$3\r\nGET\r\n$2\r\né\r\n');
});

test('reads statuses, errors, integers and strings', () => {
  expect(replies('+PONG\r\n-NOAUTH first\r\n:7\r\n$6\r\na\r\nbcd\r\n$-1\r\n')).toEqual([
    { error: false, text: 'PONG' },
    { error: true, text: 'NOAUTH first' },
    { error: false, text: '7' },
    { error: false, text: 'a\r\nbcd' },
    { error: false, text: null },
  ]);
});

test.each(['', '+PON', '+PONG\r', '$5\r\nhel', '$5\r\nhello\r'])('waits for the rest of %j', (part) => {
  expect(replies(part)).toEqual([]);
});

test('says so when something else answers', () => {
  expect(() => replies('HTTP/1.1 400 Bad Request\r\n')).toThrow('not a Redis');
});
