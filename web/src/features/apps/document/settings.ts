/** How passages are looked for; see the search routes for what the numbers mean. */
export interface SearchSettings {
  mode: 'embedding' | 'fullTextRecall' | 'mixedRecall';
  /** Passages below it are left out, 0 to 1. */
  similarity: number;
  /** Tokens of passages that reach the model. */
  limit: number;
  reRank: boolean;
  /** '' = the default model. */
  rerankModel: string;
  /** A model writes the question anew before the search. */
  extension: boolean;
  extensionModel: string;
  extensionBackground: string;
}

/** `other`: a kind that the form does not have; it is kept, and can be deleted. */
export type VariableType = 'input' | 'textarea' | 'numberInput' | 'select' | 'switch' | 'other';

/** Something the chat asks of its user before the first question. */
export interface AppVariable {
  key: string;
  label: string;
  type: VariableType;
  required: boolean;
  description: string;
  /** Text, number or boolean by `type`; '' = none. */
  defaultValue: string | number | boolean;
  /** Of a select. */
  options: string[];
  /** What the document says of it beyond this form, or all of another kind; written back as it is. */
  rest: Record<string, unknown>;
}

/** A simple app as its form shows it. */
export interface SimpleSettings {
  prompt: string;
  /** '' = the default model. */
  model: string;
  /** 0 (exact) to 10 (free); null = the model's own default. */
  temperature: number | null;
  /** Tokens of an answer at most; null = what the model can. */
  maxTokens: number | null;
  /** Rounds of the conversation that the model sees. */
  history: number;
  datasetIds: string[];
  search: SearchSettings;
  welcomeText: string;
  questions: string[];
  variables: AppVariable[];
  allowedHosts: string[];
}

export const defaultSearch: SearchSettings = {
  mode: 'mixedRecall',
  similarity: 0.4,
  limit: 5000,
  reRank: false,
  rerankModel: '',
  extension: false,
  extensionModel: '',
  extensionBackground: '',
};
