/*
 * The rows of models and channels; see schema.ts.
 */

type Flag = 0 | 1;

/** A model that somebody added. Belongs to the installation, as do the three tables below. */
export interface ModelRow {
  id: string;
  /** What workflows and requests name; unique. */
  model: string;
  name: string;
  type: 'llm' | 'embedding' | 'rerank' | 'tts' | 'stt';
  /** Whose model it is, for people. */
  provider: string;
  active: Flag;
  /** JSON: limits, prices, abilities. */
  facts: string;
  /** JSON: roles, members and teams that may use it; null = everyone. */
  access: string | null;
  /** Its own address, '' = it is reached by channels. */
  requestUrl: string;
  /** Sealed for `model:<id>`. */
  requestAuth: string | null;
  createTime: number;
  updateTime: number;
}
export interface ModelChannelRow {
  id: string;
  /** Unique. */
  name: string;
  /** The interface that is spoken. */
  provider: 'openai' | 'anthropic' | 'gemini' | 'ollama' | 'local';
  baseUrl: string;
  /** Sealed for `channel:<id>`. */
  credential: string | null;
  priority: number;
  weight: number;
  enabled: Flag;
  /** JSON: our names of the models it serves, with the provider's where they differ. */
  models: string;
  createTime: number;
  updateTime: number;
}
/** An origin that root allows to be reached although it is private. */
export interface TrustedOriginRow {
  origin: string;
  note: string;
  /** Model calls only, or whatever else somebody of a team names an address for as well. */
  reach: 'models' | 'all';
  memberId: string;
  createTime: number;
}
export interface ModelHealthRow {
  /** Its beginning. */
  hour: number;
  model: string;
  /** Id of a channel, `direct`, or `environment`. */
  channel: string;
  /** `calls`, `ms`, `in`, `out`, `fail:<kind>`, or `lt:<ms>` for calls that took less. */
  measure: string;
  value: number;
}
