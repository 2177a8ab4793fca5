// Derives the import rules from the one list of floors. Paths are relative to the folder it runs in.
import { floors } from "./scripts/floors.ts";

// A fixture is a program or a part that tests start or import.
const testFile = "[.](test|fixture)[.]ts$";
const names = (packages) => packages.map((each) => each.name).join("|");

function floorRule({ name, floor, only }) {
  const allowed = floors.filter(
    (other) => other.name === name || (only?.includes(other.name) ?? other.floor < floor),
  );
  return {
    name: `floor-${name}`,
    comment: `${name} is on floor ${floor} and imports strictly lower floors only.`,
    severity: "error",
    from: { path: `^packages/${name}/`, pathNot: testFile },
    to: { path: "^packages/", pathNot: `^packages/(${names(allowed)})/` },
  };
}

// A test may stand next to the code it needs on its own floor, and use the contract suites, but never look up.
function testFloorRule({ name, floor }) {
  const allowed = floors.filter((other) => other.floor <= Math.max(floor, 1));
  return {
    name: `test-floor-${name}`,
    comment: `Tests of ${name} import nothing above floor ${floor}.`,
    severity: "error",
    from: { path: `^packages/${name}/.*${testFile}` },
    to: { path: "^packages/", pathNot: `^packages/(${names(allowed)})/` },
  };
}

function usedByRule({ name, usedBy }) {
  return {
    name: `used-by-${name}`,
    comment: `Shipped code reaches ${name} through ${usedBy.join(" or ")} only.`,
    severity: "error",
    from: {
      path: "^(packages|examples)/",
      pathNot: [testFile, `^packages/(${[name, ...usedBy].join("|")})/`],
    },
    to: { path: `^packages/${name}/` },
  };
}

const forbidden = [
  ...floors.map(floorRule),
  ...floors.map(testFloorRule),
  ...floors.filter((each) => each.usedBy !== undefined).map(usedByRule),
  {
    name: "unknown-package",
    comment: "Every package has a floor in scripts/floors.ts.",
    severity: "error",
    from: { path: "^packages/", pathNot: `^packages/(${names(floors)})/` },
    to: {},
  },
  {
    name: "entry-only",
    comment: "Another package is imported by its name, never by a path into its sources.",
    severity: "error",
    from: { path: "^packages/([^/]+)/" },
    to: {
      path: "^packages/[^/]+/",
      pathNot: [
        "^packages/$1/",
        "^packages/[^/]+/src/(index|main|emitters|logging|metrics|observability|tracing)[.]ts$",
      ],
    },
  },
  {
    name: "examples-use-the-published-package",
    comment: "An example shows what a user writes: it imports agentflow and nothing behind it.",
    severity: "error",
    from: { path: "^examples/" },
    to: { path: "^(packages|scripts)/", pathNot: "^packages/agentflow/src/" },
  },
  {
    name: "packages-stand-alone",
    comment: "Nothing that is shipped imports scripts, tests or examples.",
    severity: "error",
    from: { path: "^packages/", pathNot: testFile },
    to: { path: "^(scripts|tests|examples|bench)/" },
  },
  {
    name: "no-test-in-shipped-code",
    comment: "Shipped code imports no test file.",
    severity: "error",
    from: { pathNot: testFile },
    to: { path: testFile },
  },
  {
    name: "core-has-no-dependency",
    comment: "core is pure: no package from npm.",
    severity: "error",
    from: { path: "^packages/core/", pathNot: testFile },
    to: { dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"] },
  },
  {
    name: "core-has-no-io",
    comment: "core is pure: of Node's own modules it uses the hashes of node:crypto only.",
    severity: "error",
    from: { path: "^packages/core/", pathNot: testFile },
    to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
  },
  {
    name: "no-cycle",
    comment:
      "Modules do not need each other to load; types may name each other, and an import on demand may close a circle.",
    severity: "error",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "dynamic-import"] } },
  },
  {
    name: "resolvable",
    comment: "Every import resolves.",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    doNotFollow: { path: ["node_modules"] },
    exclude: { path: ["/dist/", "/fixtures/"] },
    tsPreCompilationDeps: true,
    detectJSDocImports: true,
    skipAnalysisNotInRules: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json"],
    },
  },
};
