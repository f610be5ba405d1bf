import { defineNode } from '../define-node.ts';

/** The app's settings; they are mirrored in `chatConfig`, so nothing runs here. */
export const userGuide = defineNode({
  type: 'userGuide',
  label: { en: 'System configuration', zh: '系统配置' },
  entry: true,
  inputs: {},
  outputs: {},
  run: () => ({ outputs: {} }),
});
