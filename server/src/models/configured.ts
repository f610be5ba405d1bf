import type { ProviderKind } from './providers/provider.ts';

/** What a model is for, in FastGPT's words. */
export const modelTypes = ['llm', 'embedding', 'rerank', 'tts', 'stt'] as const;
export type ModelType = (typeof modelTypes)[number];

/** What a default model can be chosen for: `vision` is a chat model that looks at pictures. */
export const purposes = ['chat', 'embedding', 'rerank', 'vision', 'speech', 'transcription'] as const;
export type Purpose = (typeof purposes)[number];

/** The type that a model of each purpose has. */
export const typeOfPurpose: Record<Purpose, ModelType> = {
  chat: 'llm',
  embedding: 'embedding',
  rerank: 'rerank',
  vision: 'llm',
  speech: 'tts',
  transcription: 'stt',
};

/** Who may use a model: whoever one of the lists names. */
export interface ModelAccess {
  roles: string[];
  members: string[];
  teams: string[];
}

/** Whose call it is, as far as access to models goes. */
export interface ModelUser {
  teamId: string;
  memberId: string;
  role: string;
}

/** A model that somebody added, with everything that the provider does not say of itself. */
export interface ConfiguredModel {
  id: string;
  name: string;
  type: ModelType;
  /** Whose model it is, for people. */
  provider: string;
  active: boolean;
  contextTokens: number;
  maxOutputTokens: number;
  maxTemperature?: number;
  price: { input: number; output: number };
  vision: boolean;
  toolCalls: boolean;
  reasoning: boolean;
  /** Longest text of an embedding model. */
  maxTokens?: number;
  /** Length of its vectors, where the model has a choice. */
  dimensions?: number;
  /** Absent = everyone. */
  access?: ModelAccess;
  /** Called here and by no channel. */
  direct?: { baseUrl: string; credential: string | undefined; state: string };
}

/** One way to reach models: a provider's address with a credential. */
export interface ConfiguredChannel {
  id: string;
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  credential: string | undefined;
  /** Higher ones are asked first. */
  priority: number;
  /** Share of the calls among channels of one priority. */
  weight: number;
  /** A disabled one is called by tests only. */
  enabled: boolean;
  /** Our names of the models it serves, with the provider's name where that differs. */
  models: { model: string; wireName?: string }[];
  /** Changes with every change of the channel: what was learnt of the old one does not hold for the new one. */
  state: string;
}

/** Everything about models that is in the store, ready to be called. */
export interface StoredModels {
  models: ConfiguredModel[];
  /** Those whose credential could be read. */
  channels: ConfiguredChannel[];
  defaults: Partial<Record<Purpose, string>>;
  trustedOrigins: string[];
}

/** Whether a caller may use a model; nobody in particular may use all. */
export function mayUse(access: ModelAccess | undefined, user: ModelUser | undefined): boolean {
  if (!access || !user) return true;
  return (
    access.roles.includes(user.role) ||
    access.members.includes(user.memberId) ||
    access.teams.includes(user.teamId)
  );
}
