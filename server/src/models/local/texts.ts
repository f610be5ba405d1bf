import type { Text } from '@lectern/contract/lang.ts';

/** Installs what runs local models, beside them. */
export const installRuntime =
  'ONNXRUNTIME_NODE_INSTALL=skip npm install --prefix "$LOCAL_MODELS_DIR/runtime" onnxruntime-node@1.30.0 @huggingface/tokenizers@0.2.0';

export const runtimeMissing: Text = {
  en: `the runtime for local models is not installed. Install it with: ${installRuntime}`,
  zh: `尚未安装本地模型的运行库，请执行：${installRuntime}`,
};

export const runtimeBroken = (reason: string): Text => ({
  en: `the runtime for local models does not start (${reason}). Install it again with: ${installRuntime}`,
  zh: `本地模型的运行库无法启动（${reason}），请重新安装：${installRuntime}`,
});

/** The names of a model's network, in the order in which they are looked for. */
export const networkNames = [
  'onnx/model.onnx',
  'model.onnx',
  'onnx/model_quantized.onnx',
  'model_quantized.onnx',
] as const;

export const networkMissing: Text = {
  en: `its folder has none of the files ${networkNames.join(', ')}.`,
  zh: `其目录中没有以下任何文件：${networkNames.join('、')}。`,
};

export const fileMissing = (name: string): Text => ({
  en: `its folder has no file ${name}.`,
  zh: `其目录中没有文件 ${name}。`,
});

export const fileWrong = (name: string, reason: string): Text => ({
  en: `its file ${name} cannot be used: ${reason}`,
  zh: `其文件 ${name} 无法使用：${reason}`,
});

export const answersWrong = (what: string): Text => ({
  en: `it is no model of this kind: it answers ${what}.`,
  zh: `该模型不属于此类型：其输出为 ${what}。`,
});

export const broken: Text = {
  en: 'the process that runs local models broke down on it. The next call starts it again.',
  zh: '运行本地模型的进程异常退出，下次调用时会重新启动。',
};

export const tooBig: Text = {
  en: 'the process that runs local models was ended on it, most likely for its memory. Choose a smaller model or a quantized file.',
  zh: '运行本地模型的进程被终止，多半因内存不足；请选用更小的模型或量化文件。',
};
