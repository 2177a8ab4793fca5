/** Which models a request may be answered by, in which order (MDL-2). */
import { ModelError } from "@agentflow/core";
import { localProvider } from "../local/local-provider.ts";
import {
  type Endpoint,
  type EndpointOptions,
  findEndpoint,
  knownEndpoints,
  type ModelEnvironment,
  openEndpoint,
  requireKey,
} from "../provider/endpoints.ts";
import type { ModelProvider } from "../provider/model-provider.ts";
import { noopProvider } from "../provider/noop-provider.ts";
import type { Residency } from "../transport/residency.ts";

/** One model at one provider. */
export interface Target {
  /** `provider:model`. */
  readonly key: string;
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly isFree: boolean;
  open(): Promise<ModelProvider>;
}

/** Where the targets of a route are looked for. */
export interface RouteParts {
  readonly providers: readonly ModelProvider[];
  readonly endpoints: Readonly<Record<string, EndpointOptions>>;
  readonly environment: ModelEnvironment;
  readonly residency: Residency | undefined;
}

const builtIn: readonly ModelProvider[] = [localProvider, noopProvider];

/** Finds targets by name; a server's library is loaded with the first call of it. */
export class Routes {
  readonly #parts: RouteParts;
  readonly #opened = new Map<string, Promise<ModelProvider>>();

  constructor(parts: RouteParts) {
    this.#parts = parts;
  }

  /**
   * The targets of a route. Those that the residency does not allow are left out. Throws ModelError: AF_MODEL_REQUEST for
   * a name that nobody knows, AF_MODEL_RESIDENCY if none is left, AF_MODEL_AUTH if the only one left has no key.
   */
  resolve(route: string | readonly string[]): readonly Target[] {
    const names = typeof route === "string" ? [route] : route;
    if (names.length === 0) throw new ModelError("AF_MODEL_REQUEST", "The route names no model.");
    const found = names.map((name) => this.#find(name));
    const { residency } = this.#parts;
    const allowed = found.filter(({ baseUrl }) => residency === undefined || residency.allows(baseUrl));
    const [first] = found;
    if (allowed.length === 0 && first !== undefined) residency?.require(new URL(first.baseUrl));
    return allowed;
  }

  #find(name: string): Target {
    const colon = name.indexOf(":");
    const provider = colon === -1 ? name : name.slice(0, colon);
    const model = colon === -1 ? "" : name.slice(colon + 1);
    const given = [...this.#parts.providers, ...builtIn].find((each) => each.name === provider);
    if (given !== undefined) {
      const { baseUrl, isFree } = given;
      const open = (): Promise<ModelProvider> => Promise.resolve(given);
      return { key: keyOf(provider, model), provider, model, baseUrl, isFree, open };
    }
    const { endpoints, environment } = this.#parts;
    const endpoint = findEndpoint(provider, endpoints, environment);
    if (endpoint === undefined) throw unknownProvider(name, this.#names());
    if (model === "") {
      throw new ModelError("AF_MODEL_REQUEST", `"${name}" names a provider and no model.`, {
        hint: `Write provider and model, such as \`${provider}:MODEL\`.`,
      });
    }
    const { baseUrl, isFree = false } = endpoint;
    return {
      key: keyOf(provider, model),
      provider,
      model,
      baseUrl,
      isFree,
      open: () => this.#open(endpoint),
    };
  }

  async #open(endpoint: Endpoint): Promise<ModelProvider> {
    requireKey(endpoint);
    const opened = this.#opened.get(endpoint.name) ?? openEndpoint(endpoint, this.#parts.residency);
    this.#opened.set(endpoint.name, opened);
    return opened;
  }

  #names(): string[] {
    const { providers, endpoints } = this.#parts;
    const given = [...providers, ...builtIn].map(({ name }) => name);
    return [...new Set([...given, ...Object.keys(endpoints), ...knownEndpoints])];
  }
}

function keyOf(provider: string, model: string): string {
  return model === "" ? provider : `${provider}:${model}`;
}

function unknownProvider(name: string, names: readonly string[]): ModelError {
  return new ModelError("AF_MODEL_REQUEST", `"${name}" names no provider that is known here.`, {
    hint: `Providers are ${names.join(", ")}; others are declared in \`endpoints\`.`,
    context: { model: name },
  });
}
