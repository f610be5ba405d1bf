import type { ModelType } from '../configured.ts';
import anthropic from './anthropic.json' with { type: 'json' };
import deepseek from './deepseek.json' with { type: 'json' };
import gemini from './gemini.json' with { type: 'json' };
import jina from './jina.json' with { type: 'json' };
import local from './local.json' with { type: 'json' };
import moonshot from './moonshot.json' with { type: 'json' };
import ollama from './ollama.json' with { type: 'json' };
import openai from './openai.json' with { type: 'json' };
import qwen from './qwen.json' with { type: 'json' };
import siliconflow from './siliconflow.json' with { type: 'json' };
import zhipu from './zhipu.json' with { type: 'json' };

/** A well-known model with what its maker says of it. */
export interface Preset {
  model: string;
  name: string;
  type: ModelType;
  provider: string;
  maxContext?: number;
  maxResponse?: number;
  maxTemperature?: number;
  vision?: boolean;
  reasoning?: boolean;
  toolChoice?: boolean;
  maxToken?: number;
  defaultToken?: number;
}

const files = [openai, anthropic, gemini, deepseek, qwen, zhipu, moonshot, siliconflow, jina, ollama, local];

/** All presets, by provider; each name once. */
export const presets: readonly Preset[] = files.flatMap(({ provider, models }) =>
  (models as Omit<Preset, 'provider'>[]).map((model) => ({ ...model, provider })),
);

/** The preset of that name. */
export const presetOf = (model: string): Preset | undefined =>
  presets.find((preset) => preset.model === model);
