/** The URL of a store as it may be shown or logged: without its password. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^/?#@:]*):[^/?#]*@/i, "$1@").replace(/([?&]password=)[^&#]*/gi, "$1");
}
