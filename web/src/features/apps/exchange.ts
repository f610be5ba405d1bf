import type { WorkflowDocument, WorkflowNode } from '@lectern/contract/workflow.ts';
import type { AppDetail } from './queries.ts';

/** What a file that somebody wants to import says. */
export type ParsedImport =
  | { ok: true; name: string; intro: string; type: string; document: WorkflowDocument }
  | { ok: false; reason: 'json' | 'nodes' };

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/** Where in an export the workflow stands: at the top, under `workflow` (templates), or as the old `modules`. */
function workflowIn(file: Fields): Fields | undefined {
  const places = [file, file.workflow, file.data].filter(isObject);
  return places.find(({ nodes, modules }) => Array.isArray(nodes ?? modules));
}

/** Reads an export of an app: our own, FastGPT's editor's, or one of its template files. */
export function parseImport(text: string): ParsedImport {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'json' };
  }
  const found = isObject(file) ? workflowIn(file) : undefined;
  if (!isObject(file) || !found) return { ok: false, reason: 'nodes' };
  const nodes = (found.nodes ?? found.modules) as WorkflowNode[];
  if (nodes.length === 0 || !nodes.every((node) => isObject(node) && 'flowNodeType' in node))
    return { ok: false, reason: 'nodes' };
  return {
    ok: true,
    name: textOf(file.name),
    intro: textOf(file.intro),
    type: textOf(file.type),
    document: {
      nodes,
      edges: Array.isArray(found.edges) ? found.edges : [],
      chatConfig: isObject(found.chatConfig)
        ? found.chatConfig
        : isObject(file.chatConfig)
          ? file.chatConfig
          : {},
    },
  };
}

/** The document without the datasets that it names: those of another server are nobody's here. */
export function withoutDatasets(document: WorkflowDocument): WorkflowDocument {
  const nodes = document.nodes.map((node) => ({
    ...node,
    inputs: (node.inputs ?? []).map((input) =>
      input.key === 'datasets' || input.valueType === 'selectDataset' ? { ...input, value: [] } : input,
    ),
  }));
  return { ...document, nodes };
}

/** The text of an export: FastGPT's editor reads it, and so does this console. */
export function exportText({ name, intro, type, modules, edges, chatConfig }: AppDetail): string {
  return `${JSON.stringify({ name, intro, type, nodes: modules, edges, chatConfig }, null, 2)}\n`;
}

/** A name that every file system takes. */
export function exportFileName(name: string): string {
  const plain = name.replace(/[\p{C}\s/\\:*?"<>|]+/gu, ' ').trim();
  return `${plain.slice(0, 80) || 'app'}.json`;
}
