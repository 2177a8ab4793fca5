/** The parts of a workspace's package.json that the published manifest is made of. */
export interface WorkspaceManifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The package.json that goes into the tarball. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly type: "module";
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const builtName = /^\.\/src\/(.+)\.ts$/;

/** Gives the name that a source entry has in the build: `./src/index.ts` becomes `index`. */
export function builtEntry(source: string): string {
  const name = builtName.exec(source)?.[1];
  if (name === undefined) throw new Error(`"${source}" is no entry of the form ./src/NAME.ts.`);
  return name;
}

/** Lists the workspaces that end up in the bundle of `root`, itself first. */
function bundled(
  root: WorkspaceManifest,
  workspaces: ReadonlyMap<string, WorkspaceManifest>,
): WorkspaceManifest[] {
  const found = new Set<WorkspaceManifest>([root]);
  for (const { dependencies = {} } of found) {
    for (const name of Object.keys(dependencies)) {
      const workspace = workspaces.get(name);
      if (workspace !== undefined) found.add(workspace);
    }
  }
  return [...found];
}

function mergeVersions(
  members: readonly WorkspaceManifest[],
  pick: (member: WorkspaceManifest) => Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const merged = new Map<string, string>();
  for (const member of members) {
    for (const [name, version] of Object.entries(pick(member) ?? {})) {
      const other = merged.get(name);
      if (other !== undefined && other !== version) {
        throw new Error(
          `${member.name} asks for ${name}@${version}, another workspace for ${other}: choose one.`,
        );
      }
      merged.set(name, version);
    }
  }
  return Object.fromEntries([...merged].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * Makes the manifest of the published package. Private workspaces are bundled and vanish; what they need from npm
 * becomes a dependency of the package. Throws where two of them ask for different versions.
 */
export function publishedManifest(
  root: WorkspaceManifest,
  workspaces: ReadonlyMap<string, WorkspaceManifest>,
): PublishedManifest {
  const members = bundled(root, workspaces);
  const outside = (record: Readonly<Record<string, string>> | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !workspaces.has(name)));
  const peerDependencies = mergeVersions(members, (member) => member.peerDependencies);
  const entries = Object.entries(root.exports ?? {}).map(([subpath, source]) => {
    const name = builtEntry(source);
    return [subpath, { types: `./${name}.d.ts`, default: `./${name}.js` }] as const;
  });
  const commands = Object.entries(root.bin ?? {}).map(
    ([name, source]) => [name, `${builtEntry(source)}.js`] as const,
  );
  return {
    name: root.name,
    version: root.version,
    description: root.description,
    keywords: root.keywords,
    license: root.license,
    type: "module",
    engines: { node: ">=24" },
    sideEffects: commands.map(([, path]) => `./${path}`),
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
    bin: Object.fromEntries(commands),
    dependencies: mergeVersions(members, (member) => outside(member.dependencies)),
    ...(Object.keys(peerDependencies).length === 0
      ? {}
      : {
          peerDependencies,
          peerDependenciesMeta: Object.assign(
            {},
            ...members.map((member) => member.peerDependenciesMeta ?? {}),
          ),
        }),
  };
}
