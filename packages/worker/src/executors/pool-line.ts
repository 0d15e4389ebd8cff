import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { TinypoolChannel } from 'tinypool';
import type { InsideCall, InwardMessage } from './messages.js';
import type { PoolKind } from './task-runner.js';

/** The worker's end of the channel to a thread or child process, for one call. */
export interface PoolLine {
  /** The value that the pool hands over. */
  readonly value: object;
  readonly transferList?: readonly [MessagePort];
  readonly channel?: TinypoolChannel;
  /** Before the call has arrived, this does nothing. */
  send(message: InwardMessage): void;
  close(): void;
}

/** @param receive gets each message that comes out. */
export function openPoolLine(kind: PoolKind, call: InsideCall, receive: (message: unknown) => void): PoolLine {
  return kind === 'thread' ? toThread(call, receive) : toProcess(call, receive);
}

function toThread(call: InsideCall, receive: (message: unknown) => void): PoolLine {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', receive);
  return {
    value: { call, port: port2 },
    transferList: [port2],
    send: (message) => port1.postMessage(message),
    close: () => port1.close(),
  };
}

function toProcess(call: InsideCall, receive: (message: unknown) => void): PoolLine {
  let post = (_: InwardMessage) => {};
  const onMessage = (callback: (message: InwardMessage) => void) => {
    post = callback;
  };
  return {
    value: { call },
    channel: { onMessage, postMessage: receive },
    send: (message) => post(message),
    close: () => {},
  };
}
