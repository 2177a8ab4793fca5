import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { ModelError } from "@agentflow/core";

/** Where calls may go (MDL-5). */
export interface ResidencyOptions {
  /** Hosts that calls may go to: `name`, `name:port`, or `*.domain`. */
  readonly hosts: readonly string[];
  /**
   * Networks that their addresses have to lie in, as CIDR; those that are not routed on the internet if not given. A
   * listed name that a resolver sends elsewhere is refused.
   */
  readonly networks?: readonly string[];
}

// Loopback, RFC 1918, RFC 6598, link-local, and their like in IPv6 (RFC 4193, RFC 4291).
const privateNetworks = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
];

/** Decides where calls may go; the transport asks it for every connection. */
export class Residency {
  readonly #hosts: readonly string[];
  readonly #networks = new BlockList();

  constructor({ hosts, networks = privateNetworks }: ResidencyOptions) {
    this.#hosts = hosts.map((host) => host.toLowerCase());
    for (const network of networks) {
      const [address = "", bits = ""] = network.split("/");
      this.#networks.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
    }
  }

  /** Whether calls of this base URL may be made as far as its name tells; one without a URL goes nowhere. */
  allows(baseUrl: string): boolean {
    if (baseUrl === "") return true;
    const url = new URL(baseUrl);
    const name = hostName(url);
    if (isIP(name) !== 0 && !this.#holds(name)) return false;
    return this.#hosts.some((host) => {
      if (host.startsWith("*.")) return isIP(name) === 0 && name.endsWith(host.slice(1));
      return host === name || host === url.host || host === `${name}:${portOf(url)}`;
    });
  }

  /** Refuses a URL. Throws ModelError (AF_MODEL_RESIDENCY). */
  require(url: URL): void {
    if (this.allows(url.href)) return;
    throw refused(`${url.host} is not among the hosts that calls may go to.`, url.host);
  }

  /** Resolves names for the transport, and refuses addresses outside the networks: it connects to what was checked. */
  readonly lookup: LookupFunction = (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const outside = addresses.find(({ address }) => !this.#holds(address));
      if (outside !== undefined) {
        const message = `${name} is at ${outside.address}, outside the networks that calls may go to.`;
        return callback(refused(message, name), []);
      }
      const [first] = addresses;
      if (options.all === true || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };

  #holds(address: string): boolean {
    return this.#networks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  }
}

function hostName(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
}

function portOf(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}

function refused(message: string, host: string): ModelError {
  return new ModelError("AF_MODEL_RESIDENCY", message, { context: { host } });
}
