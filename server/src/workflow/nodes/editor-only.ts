import type { Text } from '@lectern/contract/lang.ts';
import { defineNode, type NodeDefinition } from '../define-node.ts';

function editorOnly(type: string, label: Text): NodeDefinition {
  return defineNode({ type, label, inputs: {}, outputs: {}, run: () => ({ outputs: {} }) });
}

/** Nodes that only mean something in the editor: a run passes through them. */
export const editorOnlyNodes: readonly NodeDefinition[] = [
  editorOnly('pluginConfig', { en: 'Tool configuration', zh: '工具配置' }),
  editorOnly('globalVariable', { en: 'Global variables', zh: '全局变量' }),
  editorOnly('comment', { en: 'Comment', zh: '注释' }),
  editorOnly('emptyNode', { en: 'Empty node', zh: '空节点' }),
];
