import { defineNode } from '../define-node.ts';

/** Where a question enters the workflow. */
export const workflowStart = defineNode({
  type: 'workflowStart',
  label: { en: 'Start', zh: '流程开始' },
  entry: true,
  inputs: {},
  outputs: {
    userChatInput: { valueType: 'string' },
    userFiles: { valueType: 'arrayString' },
  },
  run: ({ run }) => ({
    outputs: { userChatInput: run.question, userFiles: run.files.map((file) => file.url) },
    response: {},
  }),
});
