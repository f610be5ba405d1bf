import type { WorkflowNode } from '@lectern/contract/workflow.ts';

/** In references, the node id that means the global and system variables. */
export const variableNodeId = 'VARIABLE_NODE_ID';

/** What the values of inputs may point to: filled as a run goes on. */
export interface Scope {
  /** By node id, then by output key. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Resolved inputs of nodes that have run, by node id, then by input key. */
  readonly inputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Global and system variables. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One value of a node or one variable. */
export interface Reference {
  readonly nodeId: string;
  readonly key: string;
  /** Text of the document when the key names an input that is no output: used until that node has run. */
  readonly literal?: unknown;
}

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** `{{key}}`: stays as written when no such variable exists, since prompts have placeholders of their own. */
  | { readonly kind: 'variable'; readonly key: string; readonly written: string };

/** Where the value of an input comes from, found out once when the workflow is compiled. */
export type Source =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'references'; readonly references: readonly Reference[] }
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[]; readonly json?: boolean };

/** The names that references may use, by node id. */
export type NodeIndex = ReadonlyMap<string, WorkflowNode>;

const ownValue = (values: Readonly<Record<string, unknown>> | undefined, key: string): unknown =>
  values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;

const templatePattern = /\{\{\$([^.{}$]+)\.([^{}$]+)\$\}\}|\{\{([^{}$]+)\}\}/g;

/** References use the id of an output; nodes answer by its key. */
function referenceTo(nodeId: string, id: string, nodes: NodeIndex): Reference {
  const node = nodes.get(nodeId);
  const output = node?.outputs.find((o) => o.id === id) ?? node?.outputs.find((o) => o.key === id);
  if (output) return { nodeId, key: output.key };
  const input = node?.inputs.find((i) => i.key === id);
  return input ? { nodeId, key: id, literal: input.value } : { nodeId, key: id };
}

function pairOf(value: unknown, nodes: NodeIndex): Reference | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [nodeId, id] = value as unknown[];
  if (typeof nodeId !== 'string' || typeof id !== 'string') return undefined;
  if (nodeId !== variableNodeId && !nodes.has(nodeId)) return undefined;
  return referenceTo(nodeId, id, nodes);
}

function templateParts(text: string, nodes: NodeIndex): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of text.matchAll(templatePattern)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    const [written, nodeId, id, key] = match;
    if (nodeId !== undefined && id !== undefined) {
      parts.push({ kind: 'reference', reference: referenceTo(nodeId.trim(), id.trim(), nodes) });
    } else {
      parts.push({ kind: 'variable', key: (key ?? '').trim(), written });
    }
    end = match.index + written.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

/**
 * Reads the value of an input as the document holds it: a pair `["nodeId","outputId"]` of a known node, a list of
 * such pairs, a text with `{{…}}`, or the value itself. `json`: that text is JSON.
 */
export function sourceOf(value: unknown, nodes: NodeIndex, template?: 'json'): Source {
  if (typeof value === 'string') {
    return value.includes('{{')
      ? { kind: 'template', parts: templateParts(value, nodes), json: template === 'json' }
      : { kind: 'literal', value };
  }
  const reference = pairOf(value, nodes);
  if (reference) return { kind: 'reference', reference };
  if (Array.isArray(value) && value.length > 0) {
    const references = value.map((item) => pairOf(item, nodes));
    if (references.every((item) => item !== undefined)) return { kind: 'references', references };
  }
  return { kind: 'literal', value };
}

/** Nodes a source points to; for warnings about those that do not exist. */
export function referencedNodes(source: Source): string[] {
  switch (source.kind) {
    case 'reference':
      return [source.reference.nodeId];
    case 'references':
      return source.references.map((r) => r.nodeId);
    case 'template':
      return source.parts.flatMap((p) => (p.kind === 'reference' ? [p.reference.nodeId] : []));
    default:
      return [];
  }
}

function read(reference: Reference, scope: Scope): unknown {
  if (reference.nodeId === variableNodeId) return ownValue(scope.variables, reference.key);
  const output = ownValue(scope.outputs.get(reference.nodeId), reference.key);
  if (output !== undefined) return output;
  return ownValue(scope.inputs.get(reference.nodeId), reference.key) ?? reference.literal;
}

/** A value inside a text: undefined is empty, null is `null`, objects are JSON. */
export function asText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function partText(part: TemplatePart, scope: Scope): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'reference':
      return asText(read(part.reference, scope));
    case 'variable':
      return Object.hasOwn(scope.variables, part.key) ? asText(scope.variables[part.key]) : part.written;
  }
}

function partValue(part: TemplatePart, scope: Scope): unknown {
  if (part.kind === 'reference') return read(part.reference, scope);
  if (part.kind === 'variable' && Object.hasOwn(scope.variables, part.key)) return scope.variables[part.key];
  return part.kind === 'variable' ? part.written : '';
}

/**
 * A template of JSON (or JSON5), filled so that no value can become anything but a value: inside quotes its characters
 * are escaped, outside it is written as JSON; a text that is JSON of a number or list itself stays that. A template that
 * is one value and nothing else is that value.
 */
function filledJson(parts: readonly TemplatePart[], scope: Scope): string {
  const [only] = parts;
  if (only && parts.length === 1) return partText(only, scope);
  let quote = '';
  return parts
    .map((part) => {
      if (part.kind === 'text') {
        quote = quoteAfter(part.text, quote);
        return part.text;
      }
      const value = partValue(part, scope);
      if (quote !== '') return JSON.stringify(asText(value)).slice(1, -1).replaceAll("'", "\\'");
      return outsideQuotes(value);
    })
    .join('');
}

/** The quotation mark that is open after a text of JSON5, or ''. */
function quoteAfter(text: string, open: string): string {
  let quote = open;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] as string;
    if (quote !== '' && letter === '\\') i += 1;
    else if (quote === '') quote = letter === '"' || letter === "'" ? letter : '';
    else if (letter === quote) quote = '';
  }
  return quote;
}

function outsideQuotes(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null) ?? 'null';
  try {
    const parsed: unknown = JSON.parse(value);
    // An object could bring conditions of its own.
    const plain = [parsed].flat().every((item) => typeof item !== 'object' || item === null);
    return plain ? value : JSON.stringify(value);
  } catch {
    return JSON.stringify(value);
  }
}

/**
 * The value of a source now. Texts are filled in one pass, so that a value which itself contains `{{…}}` (a question,
 * a passage) is never taken for a template.
 */
export function resolve(source: Source, scope: Scope): unknown {
  switch (source.kind) {
    case 'literal':
      return source.value;
    case 'reference':
      return read(source.reference, scope);
    case 'references':
      return source.references
        .flatMap((reference) => read(reference, scope))
        .filter((value) => value !== undefined);
    case 'template':
      return source.json
        ? filledJson(source.parts, scope)
        : source.parts.map((part) => partText(part, scope)).join('');
  }
}
