import ts from "typescript";

/** The declarations of one public entry as one text, as `publicInterfaces` makes them. */
export interface EntryDeclarations {
  readonly name: string;
  readonly text: string;
}

interface Entry {
  readonly name: string;
  readonly declared: ReadonlyMap<string, readonly ts.Node[]>;
  /** By exported name: whether only its type is exported. */
  readonly exported: ReadonlyMap<string, boolean>;
}

function namesDeclared(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.text];
}

function parse({ name, text }: EntryDeclarations): Entry {
  const source = ts.createSourceFile(`${name}.d.ts`, text, ts.ScriptTarget.Latest, true);
  const declared = new Map<string, ts.Node[]>();
  const exported = new Map<string, boolean>();
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
      if (!ts.isNamedExports(statement.exportClause))
        throw new Error(`${name} exports what it does not name.`);
      for (const each of statement.exportClause.elements) {
        exported.set((each.propertyName ?? each.name).text, each.isTypeOnly);
      }
      continue;
    }
    for (const own of namesDeclared(statement)) declared.set(own, [...(declared.get(own) ?? []), statement]);
  }
  return { name, declared, exported };
}

// What is worked out from other types stands for its result, which the reader sees; how is nobody's to name.
function isWorkedOut(node: ts.Node): boolean {
  if (ts.isTypeOperatorNode(node)) return node.operator === ts.SyntaxKind.KeyOfKeyword;
  return ts.isConditionalTypeNode(node) || ts.isMappedTypeNode(node);
}

function isPrivate(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName.getText();
  if (ts.isExpressionWithTypeArguments(node)) return node.expression.getText();
  return ts.isTypeQueryNode(node) ? node.exprName.getText() : undefined;
}

/** The names that a signature mentions; nobody calls the constructor of a class whose type alone is exported. */
function mentionedBy(declaration: ts.Node, isTypeOnly: boolean): Set<string> {
  const mentioned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isWorkedOut(node) || isPrivate(node)) return;
    if (isTypeOnly && ts.isConstructorDeclaration(node)) return;
    const name = nameOf(node);
    if (name !== undefined) mentioned.add(name);
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return mentioned;
}

/**
 * Finds types that the signatures of the entries mention and that nobody can import, as `entry: user mentions type`. A
 * subpath may leave to the first entry, the main one, what that exports. `partsOf` names for an export whose parts few
 * need the other entry that has them.
 */
export function unexportedTypes(
  declarations: readonly EntryDeclarations[],
  partsOf: ReadonlyMap<string, string> = new Map(),
): string[] {
  const entries = declarations.map(parse);
  const exportsOf = (name: string | undefined): Entry["exported"] | undefined =>
    entries.find((entry) => entry.name === name)?.exported;
  return entries.flatMap(({ name: entry, declared, exported }) =>
    [...exported].flatMap(([user, isTypeOnly]) => {
      const mentioned = (declared.get(user) ?? []).flatMap((node) => [...mentionedBy(node, isTypeOnly)]);
      const reached = [exported, entries[0]?.exported, exportsOf(partsOf.get(user))];
      return [...new Set(mentioned)]
        .filter((name) => declared.has(name) && !reached.some((names) => names?.has(name)))
        .map((name) => `${entry}: ${user} mentions ${name}`);
    }),
  );
}
