import { findLocalModels, isRuntimeInstalled } from '../../models/local/folder.ts';
import { installRuntime } from '../../models/local/texts.ts';
import { type Finding, ok, warning } from './finding.ts';

/** Which models are in LOCAL_MODELS_DIR, and what keeps them from running. */
export function checkLocalModels(directory: string): Finding[] {
  const { models, unusable } = findLocalModels(directory);
  const found: Finding[] = unusable.map(({ id, file, reason }) =>
    warning(
      'models',
      { en: `${id}/${file} cannot be used: ${reason}`, zh: `${id}/${file} 无法使用：${reason}` },
      {
        en: 'The model is left out until the file is put right.',
        zh: '在该文件修正之前，此模型不会被使用。',
      },
    ),
  );
  if (models.length === 0) {
    const text = { en: 'LOCAL_MODELS_DIR holds no models', zh: 'LOCAL_MODELS_DIR 中没有模型' };
    const advice = {
      en: 'Each model is a folder there with its config.json; see the guide.',
      zh: '每个模型是其中的一个目录，内含 config.json，参见使用指南。',
    };
    return [...found, warning('models', text, advice)];
  }
  const names = models.map(({ id }) => id).join(', ');
  if (isRuntimeInstalled(directory))
    return [...found, ok('models', { en: `local: ${names}`, zh: `本地：${names}` })];
  return [
    ...found,
    warning(
      'models',
      {
        en: `the runtime of the local models (${names}) is not installed`,
        zh: `未安装本地模型（${names}）的运行库`,
      },
      { en: `Install it with: ${installRuntime}`, zh: `请执行：${installRuntime}` },
    ),
  ];
}
