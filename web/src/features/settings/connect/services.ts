import type { Request } from '../../../api/client.ts';

type Provider = NonNullable<Request<'createChannel'>['provider']>;

/** Somewhere that models are served, with the address that its documentation names. */
export interface Service {
  id: string;
  /** Its name is its own in every language; `custom` is named by the texts. */
  name: string;
  provider: Provider;
  baseUrl: string;
  /** It is not asked for a key. */
  open?: true;
}

export const services: readonly Service[] = [
  { id: 'openai', name: 'OpenAI', provider: 'openai', baseUrl: 'https://api.openai.com/v1' },
  { id: 'anthropic', name: 'Anthropic', provider: 'anthropic', baseUrl: 'https://api.anthropic.com/v1' },
  {
    id: 'gemini',
    name: 'Google Gemini',
    provider: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  },
  { id: 'deepseek', name: 'DeepSeek', provider: 'openai', baseUrl: 'https://api.deepseek.com/v1' },
  {
    id: 'qwen',
    name: '阿里云百炼 (Qwen)',
    provider: 'openai',
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  },
  {
    id: 'siliconflow',
    name: '硅基流动 (SiliconFlow)',
    provider: 'openai',
    baseUrl: 'https://api.siliconflow.cn/v1',
  },
  { id: 'moonshot', name: 'Moonshot (Kimi)', provider: 'openai', baseUrl: 'https://api.moonshot.cn/v1' },
  {
    id: 'zhipu',
    name: '智谱 (GLM)',
    provider: 'openai',
    baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  },
  { id: 'openrouter', name: 'OpenRouter', provider: 'openai', baseUrl: 'https://openrouter.ai/api/v1' },
  { id: 'ollama', name: 'Ollama', provider: 'ollama', baseUrl: 'http://localhost:11434', open: true },
];

/** Any other server of OpenAI's interface. */
export const custom: Service = { id: 'custom', name: '', provider: 'openai', baseUrl: '' };

export const serviceOf = (id: string): Service => services.find((one) => one.id === id) ?? custom;
