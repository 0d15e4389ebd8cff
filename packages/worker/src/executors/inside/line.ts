import type { MessagePort } from 'node:worker_threads';
import type { InwardMessage, OutwardMessage } from '../messages.js';

/** The channel out of a thread or child process, for one call. */
export interface InsideLine {
  send(message: OutwardMessage): void;
  close(): void;
}

/** @param receive gets each message that comes in, of any call. */
export function openLine(port: MessagePort | undefined, receive: (message: InwardMessage) => void): InsideLine {
  return port ? ofThread(port, receive) : ofProcess(receive);
}

function ofThread(port: MessagePort, receive: (message: InwardMessage) => void): InsideLine {
  port.on('message', receive);
  return { send: (message) => port.postMessage(message), close: () => port.close() };
}

function ofProcess(receive: (message: InwardMessage) => void): InsideLine {
  process.on('message', receive);
  return {
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    close: () => process.off('message', receive),
  };
}
