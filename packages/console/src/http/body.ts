import { Refusal } from '../api/problem.js';

/** Arguments of a job have 512 KiB at most. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Returns the JSON of a body, or `{}` for an empty one. It reads no more than the limit.
 * @throws Refusal
 */
export async function jsonBody(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLong();
  const text = new TextDecoder('utf-8', { fatal: true });
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body) {
    for await (const chunk of received(request.body as unknown as AsyncIterable<Uint8Array>)) {
      length += chunk.byteLength;
      // Leaving the loop cancels the stream.
      if (length > MAX_BODY_BYTES) throw tooLong();
      chunks.push(chunk);
    }
  }
  try {
    return length === 0 ? {} : JSON.parse(text.decode(Buffer.concat(chunks)));
  } catch (error) {
    throw new Refusal('BAD_REQUEST', `the body is not JSON: ${(error as Error).message}`);
  }
}

/** A client that disconnects is not a failure of the console. */
async function* received(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new Refusal('BAD_REQUEST', `the body did not arrive as a whole: ${(error as Error).message}`);
  }
}

function tooLong(): Refusal {
  return new Refusal('CONTENT_TOO_LARGE', `the body is longer than ${MAX_BODY_BYTES} bytes`);
}
