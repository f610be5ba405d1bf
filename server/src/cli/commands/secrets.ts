import { rotateSecrets } from '../../domain/models/rotate-secrets.ts';
import { createSecretBox } from '../../kernel/secret-box.ts';
import type { Command } from '../command.ts';

const rotate: Command = {
  name: 'secrets rotate',
  summary: {
    en: 'seal the credentials of models under a new key (or the SECRET_KEY of now)',
    zh: '以新密钥（或当前的 SECRET_KEY）重新加密模型凭证',
  },
  options: {},
  async run({ app, lang }) {
    const done = await rotateSecrets(app.store, createSecretBox(app.config));
    const { sealed, resumed, unreadable } = done;
    const text = {
      en: `${sealed} credentials sealed anew${resumed ? '; an earlier rotation that had stopped is complete' : ''}.`,
      zh: `已重新加密 ${sealed} 个凭证${resumed ? '；此前中断的轮换已完成' : ''}。`,
    };
    if (unreadable.length === 0) return { json: done, text: text[lang] };
    const names = unreadable.join(', ');
    return {
      json: done,
      text: text[lang],
      exitCode: 1,
      note: {
        en: `No key at hand opens the credentials of: ${names}. Set SECRET_KEY_PREVIOUS to the key they were stored with and run this again, or give them anew.`,
        zh: `现有密钥无法解密以下凭证：${names}。请将 SECRET_KEY_PREVIOUS 设为保存时的密钥后再次运行，或重新提供凭证。`,
      },
    };
  },
};

export const secretCommands: readonly Command[] = [rotate];
