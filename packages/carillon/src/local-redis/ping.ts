import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { durationInUnit } from '@carillon/core/internal';
import { encode, parseReplies } from './resp.js';

/** Redis replied with an error. */
export class RedisReplyError extends Error {}

/** Resolves once the Redis at a URL has replied PONG; rejects if it cannot be reached, refuses, or takes too long. */
export async function ping(url: string, timeoutMs = 5_000): Promise<void> {
  await ask(url, ['PING'], timeoutMs);
}

/** Sends one command over a connection of its own, after AUTH where the URL has a password. */
export async function ask(url: string, command: readonly string[], timeoutMs = 5_000): Promise<string | null> {
  const { socket, login } = dial(url);
  const commands = [...login, command];
  try {
    return await new Promise((resolve, reject) => {
      let received = Buffer.alloc(0);
      const late = setTimeout(() => reject(new Error(`no answer within ${durationInUnit(timeoutMs)}`)), timeoutMs);
      socket.once('close', () => {
        clearTimeout(late);
        reject(new Error('the connection was closed'));
      });
      socket.once('error', reject);
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        try {
          const replies = parseReplies(received);
          const refused = replies.find((reply) => reply.error);
          if (refused) reject(new RedisReplyError(refused.text ?? ''));
          const answer = replies[commands.length - 1];
          if (answer) resolve(answer.text);
        } catch (error) {
          reject(error);
        }
      });
      socket.write(commands.map(encode).join(''));
    });
  } finally {
    socket.destroy();
  }
}

function dial(url: string): { socket: Socket; login: string[][] } {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw new Error('the URL must begin with redis:// or rediss://');
  const host = (hostname || '127.0.0.1').replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port || 6379) };
  const user = username ? [decodeURIComponent(username)] : [];
  return {
    socket: protocol === 'rediss:' ? connectTls({ ...target, servername: host }) : connect(target),
    login: password ? [['AUTH', ...user, decodeURIComponent(password)]] : [],
  };
}
