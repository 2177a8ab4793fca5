import type { ModelRequest } from "../request.ts";

/** Bytes per token of English text in the usual vocabularies; of code and of other scripts it is fewer. */
const usualBytesPerToken = 4;

/** Bytes per token where too few tokens would be worse than too many: for what is held back. */
export const waryBytesPerToken = 3;

/** Tokens of a text before a provider has counted them. */
export function estimateTokens(text: string, bytesPerToken = usualBytesPerToken): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Tokens of the input of a request: the punctuation of its JSON stands for what a provider puts around the texts. */
export function estimateInput(
  { messages, tools, output }: Pick<ModelRequest, "messages" | "tools" | "output">,
  bytesPerToken?: number,
): number {
  return estimateTokens(JSON.stringify({ messages, tools, output }), bytesPerToken);
}
