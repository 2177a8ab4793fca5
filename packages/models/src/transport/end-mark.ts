import { ModelError } from "@agentflow/core";

const encoder = new TextEncoder();
// What may follow the mark: the end of its event, and a comment that keeps the connection alive.
const slackBytes = 64;

/**
 * The response with a body that fails if it ends without the mark near its end: a server or proxy that closes the
 * connection in the middle of an answer is otherwise not told from one that has answered.
 */
export function withEndMark(response: Response, mark: string): Response {
  if (response.body === null) return response;
  const tailBytes = encoder.encode(mark).length + slackBytes;
  let tail = new Uint8Array(0);
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      tail = lastBytes(tail, chunk, tailBytes);
      controller.enqueue(chunk);
    },
    flush(controller) {
      if (new TextDecoder().decode(tail).includes(mark)) return;
      controller.error(new ModelError("AF_MODEL_PROVIDER", `The stream ended before its end mark, ${mark}.`));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(watch), { status, statusText, headers: [...headers] });
}

function lastBytes(tail: Uint8Array, chunk: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  if (chunk.length >= count) return chunk.slice(-count);
  const joined = new Uint8Array(tail.length + chunk.length);
  joined.set(tail);
  joined.set(chunk, tail.length);
  return joined.slice(-count);
}
