import { fail } from '../../kernel/errors.ts';
import type { ChatModel, ChatRequest } from '../../models/ports.ts';

/** FastGPT's scale of temperature; 10 is the highest the model takes. */
const temperatureSteps = 10;

/** The settings of a chat node that go to the model as they are or scaled. */
export interface ModelSettings {
  /** 0 to 10. */
  temperature: number | undefined;
  maxToken: number | undefined;
  aiChatTopP: number | undefined;
  /** Signs separated by `|`. */
  aiChatStopSign: string | undefined;
  /** `text`, `json_object`, `json_schema` or whatever the provider knows. */
  aiChatResponseFormat: string | undefined;
  /** JSON text, for `json_schema`. */
  aiChatJsonSchema: string | undefined;
}

/** The longest answer asked for, never more than the model gives; undefined = the provider's own limit. */
export function cappedTokens(maxToken: number | undefined, model: ChatModel): number | undefined {
  return maxToken === undefined || maxToken < 1
    ? undefined
    : Math.min(Math.floor(maxToken), model.maxOutputTokens);
}

/** Throws workflowInvalid when the JSON schema is no JSON. */
export function requestOptions(inputs: ModelSettings, model: ChatModel): Partial<ChatRequest> {
  const maxTokens = cappedTokens(inputs.maxToken, model);
  const stop = inputs.aiChatStopSign
    ?.split('|')
    .map((sign) => sign.trim())
    .filter(Boolean);
  const responseFormat = readResponseFormat(inputs.aiChatResponseFormat, inputs.aiChatJsonSchema);
  return {
    ...(inputs.temperature !== undefined && {
      temperature: scaled(inputs.temperature, model.maxTemperature ?? 1),
    }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(inputs.aiChatTopP !== undefined && { topP: inputs.aiChatTopP }),
    ...(stop?.length && { stop }),
    ...(responseFormat !== undefined && { responseFormat }),
  };
}

function scaled(temperature: number, highest: number): number {
  const steps = Math.min(Math.max(temperature, 0), temperatureSteps);
  return Math.round((steps / temperatureSteps) * highest * 100) / 100;
}

function readResponseFormat(kind: string | undefined, schema: string | undefined): unknown {
  if (!kind || kind === 'text') return undefined;
  if (kind !== 'json_schema') return { type: kind };
  try {
    return { type: 'json_schema', json_schema: JSON.parse(schema ?? '') };
  } catch (cause) {
    const details = { en: 'aiChatJsonSchema is not valid JSON.', zh: 'aiChatJsonSchema 不是有效的 JSON。' };
    throw fail('workflowInvalid', { params: { details }, cause });
  }
}
