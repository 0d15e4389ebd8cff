/** A reply of Redis: its text, `null` for an empty one, or the text of an error. */
export interface Reply {
  readonly error: boolean;
  readonly text: string | null;
}

/** Encodes a command in the protocol of Redis. */
export function encode(parts: readonly string[]): string {
  return [`*${parts.length}`, ...parts.flatMap((part) => [`$${Buffer.byteLength(part)}`, part]), ''].join('\r\n');
}

/** Returns the complete replies that were received so far: statuses, errors, integers and strings; arrays are not needed here. */
export function parseReplies(received: Buffer): Reply[] {
  const replies: Reply[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return replies;
    const kind = received.toString('latin1', at, at + 1);
    const line = received.toString('utf8', at + 1, lineEnd);
    at = lineEnd + 2;
    if (kind === '+' || kind === '-' || kind === ':') {
      replies.push({ error: kind === '-', text: line });
    } else if (kind === '$') {
      const length = Number(line);
      if (length < 0) {
        replies.push({ error: false, text: null });
      } else {
        if (received.length < at + length + 2) return replies;
        replies.push({ error: false, text: received.toString('utf8', at, at + length) });
        at += length + 2;
      }
    } else {
      throw new Error('the server there is not a Redis');
    }
  }
}
