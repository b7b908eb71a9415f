/** From the types in src/http/api.ts to JSON schemas: what the API answers is written down once, as types. For the command `npm run openapi` and its test. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export type Schema = Record<string, unknown>;

const API = fileURLToPath(new URL('src/http/api.ts', import.meta.url));

/** @returns a schema for each exported interface and type, by its name. */
export function apiSchemas(): Record<string, Schema> {
  const program = ts.createProgram([API], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    noEmit: true,
  });
  const file = program.getSourceFile(API);
  if (file === undefined) throw new Error(`${API} is not there.`);
  const writer = new Writer(program.getTypeChecker(), file);
  return writer.all();
}

class Writer {
  private readonly checker: ts.TypeChecker;
  private readonly named: Map<string, ts.Node>;

  constructor(checker: ts.TypeChecker, file: ts.SourceFile) {
    this.checker = checker;
    const declared = file.statements.filter(
      (one): one is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
        ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one),
    );
    this.named = new Map(declared.map((one) => [one.name.text, one]));
  }

  all(): Record<string, Schema> {
    return Object.fromEntries(
      [...this.named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, node]) => [name, this.declared(node)]),
    );
  }

  private declared(node: ts.Node): Schema {
    const type = this.checker.getTypeAtLocation(node);
    return { ...this.shape(type), ...described(this.commentOf(type.aliasSymbol ?? type.symbol)) };
  }

  /** A reference where the type has a name of its own in the file. */
  private of(type: ts.Type): Schema {
    const name = (type.aliasSymbol ?? type.symbol)?.name;
    const ours = name !== undefined && this.named.has(name) && !isArray(this.checker, type);
    return ours ? { $ref: `#/components/schemas/${name}` } : this.shape(type);
  }

  private shape(type: ts.Type): Schema {
    if (type.isUnion()) return this.union(type);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
    if (isArray(this.checker, type)) return { type: 'array', items: this.of(elementOf(this.checker, type)) };
    return this.object(type);
  }

  private union(type: ts.UnionType): Schema {
    const parts = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const isBoolean = (one: ts.Type) => (one.flags & ts.TypeFlags.BooleanLiteral) !== 0;
    const words = parts.filter((one) => one.isStringLiteral()).map(({ value }) => value);
    const others = parts.filter((one) => !one.isStringLiteral() && !isBoolean(one)).map((one) => this.of(one));
    // The compiler's own order of a union changes with what it happened to see first.
    words.sort();
    others.sort((a, b) => rankOf(a).localeCompare(rankOf(b)));
    const booleans = parts.filter(isBoolean);
    const all = [
      ...(words.length > 0 ? [{ type: 'string', enum: words }] : []),
      ...(booleans.length === 2 ? [{ type: 'boolean' }] : booleans.map((one) => this.shape(one))),
      ...others,
    ];
    return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
  }

  private object(type: ts.Type): Schema {
    const index = type.getStringIndexType();
    const isMapped = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0;
    const properties = isMapped ? type.getProperties().toSorted(byName) : type.getProperties();
    const required = properties.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name);
    return {
      type: 'object',
      ...(properties.length === 0
        ? {}
        : { properties: Object.fromEntries(properties.map((one) => this.property(one))) }),
      ...(required.length === 0 ? {} : { required }),
      ...(index === undefined ? {} : { additionalProperties: this.of(index) }),
    };
  }

  private property(symbol: ts.Symbol): [string, Schema] {
    const schema = this.of(this.checker.getTypeOfSymbol(symbol));
    return [symbol.name, { ...schema, ...described(this.commentOf(symbol)) }];
  }

  private commentOf(symbol: ts.Symbol | undefined): string {
    return symbol === undefined ? '' : ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
  }
}

/** What there is, before nothing. */
const rankOf = (schema: Schema): string => (schema['type'] === 'null' ? '~' : JSON.stringify(schema));
const byName = (a: ts.Symbol, b: ts.Symbol): number => (a.name < b.name ? -1 : 1);

const described = (description: string): Schema => (description === '' ? {} : { description });

function isArray(checker: ts.TypeChecker, type: ts.Type): boolean {
  return checker.isArrayType(type);
}

function elementOf(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  return checker.getTypeArguments(type as ts.TypeReference)[0] ?? checker.getAnyType();
}

/** @returns src/http/api-schemas.ts, whole. */
export function schemasFile(): string {
  return [
    '/** Made from the types in api.ts by `npm run openapi`; a test compares the two. */',
    `export const API_SCHEMAS: Readonly<Record<string, object>> = ${JSON.stringify(apiSchemas(), null, 2)};`,
    '',
  ].join('\n');
}
