import type { NodeDefinition } from '../define-node.ts';
import { answerNode } from './answer.ts';
import { chatNode } from './chat.ts';
import { datasetSearchNode } from './dataset-search.ts';
import { editorOnlyNodes } from './editor-only.ts';
import { userGuide } from './user-guide.ts';
import { workflowStart } from './workflow-start.ts';

/** Every node type this version runs, by `flowNodeType`. */
export const nodeDefinitions: ReadonlyMap<string, NodeDefinition> = new Map(
  [userGuide, workflowStart, datasetSearchNode, chatNode, answerNode, ...editorOnlyNodes].map(
    (definition) => [definition.type, definition],
  ),
);
