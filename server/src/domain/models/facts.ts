import type { modelFacts } from '@lectern/contract/model-fields.ts';
import type { z } from 'zod';
import type { ConfiguredModel } from '../../models/configured.ts';
import { fromJson } from '../../store/json.ts';
import type { ModelRow } from '../../store/schema.ts';

/** What a model's row keeps as JSON, in FastGPT's words. */
export type ModelFacts = z.output<z.ZodObject<typeof modelFacts>>;

/** Assumed where neither the caller nor a preset says it. */
const assumed = { maxContext: 32_000, maxResponse: 8_000, maxToken: 8_192 };

export function factsOf(row: Pick<ModelRow, 'facts'>): ModelFacts {
  return fromJson<ModelFacts>(row.facts, {});
}

/** Points per 1,000 tokens; FastGPT's single price counts both ways. */
export function priceOf(facts: ModelFacts): { input: number; output: number } {
  const both = facts.charsPointsPrice ?? 0;
  return { input: facts.inputPrice ?? both, output: facts.outputPrice ?? both };
}

/** A row as the registry makes a model of it, without its own address. */
export function configuredModel(row: ModelRow): ConfiguredModel {
  const facts = factsOf(row);
  const { maxTemperature, dimensions } = facts;
  const access = row.access === null ? undefined : fromJson<ConfiguredModel['access']>(row.access, undefined);
  return {
    id: row.model,
    name: row.name,
    type: row.type,
    provider: row.provider,
    active: row.active === 1,
    contextTokens: facts.maxContext ?? assumed.maxContext,
    maxOutputTokens: facts.maxResponse ?? assumed.maxResponse,
    ...(maxTemperature !== undefined && { maxTemperature }),
    price: priceOf(facts),
    vision: facts.vision ?? false,
    toolCalls: facts.toolChoice ?? false,
    reasoning: facts.reasoning ?? false,
    maxTokens: facts.maxToken ?? assumed.maxToken,
    ...(dimensions !== undefined && { dimensions }),
    ...(access && { access }),
  };
}
