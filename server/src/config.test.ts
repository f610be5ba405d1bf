import { expect, it } from 'vitest';
import { loadConfig, SettingsError } from './config.ts';

function refusal(...args: Parameters<typeof loadConfig>): SettingsError {
  try {
    loadConfig(...args);
  } catch (thrown) {
    if (thrown instanceof SettingsError) return thrown;
    throw thrown;
  }
  throw new Error('not refused');
}

it('names every wrong setting at once, in both languages', () => {
  const { text } = refusal({ PORT: '70000', LOG_LEVEL: 'loud' });
  expect(text.en).toMatch(/^These settings are not valid:\n {2}PORT: .*65535\n {2}LOG_LEVEL: .*"debug"/);
  expect(text.zh).toMatch(/^以下设置无效：\n {2}PORT: .*65535\n {2}LOG_LEVEL: .*"debug"/);
  expect(text.zh).not.toMatch(/expected|Invalid/);
});

it('takes the command line before the environment, and an empty variable for an absent one', () => {
  const config = loadConfig({ PORT: '1111', HOST: '', DATA_DIR: 'a' }, { port: '2222' });
  expect(config).toMatchObject({ port: 2222, host: '127.0.0.1', dataDir: 'a', demo: true });
});

it('calls OpenAI itself when only a key is given, and nobody without one', () => {
  expect(loadConfig({ OPENAI_API_KEY: 'k' }).openai).toEqual({
    baseUrl: 'https://api.openai.com/v1',
    apiKey: 'k',
  });
  expect(loadConfig({}).openai).toBeUndefined();
});
