import type { Text } from '@lectern/contract/lang.ts';
import { AppError } from '../kernel/errors.ts';

/*
 * What a search says when it did not do what was asked, in plain words and both languages. A notice names the reason
 * and, where somebody can change it, how.
 */

/** All of them in one text; nothing when there are none. */
export function joined(notices: Text[]): Text | undefined {
  if (notices.length === 0) return undefined;
  return {
    en: notices.map(({ en }) => en).join(' '),
    zh: notices.map(({ zh }) => zh).join(''),
  };
}

export const noEmbedder: Text = {
  en: 'No embedding model is connected, so this was a keyword search. To connect one, set EMBEDDING_MODEL, or add a model of type embedding by PUT /api/core/ai/model/update and make it the default by PUT /api/core/ai/model/updateDefault.',
  zh: '未连接向量模型，本次使用关键词检索。如需连接，可设置 EMBEDDING_MODEL，或通过 PUT /api/core/ai/model/update 添加 embedding 类型的模型，并通过 PUT /api/core/ai/model/updateDefault 设为默认模型。',
};

export const noVectorStore: Text = {
  en: 'The database has no vector extension, so this was a keyword search.',
  zh: '数据库未安装向量扩展，本次使用关键词检索。',
};

export const notEmbeddedYet: Text = {
  en: 'Nothing in these datasets has been embedded yet, so this was a keyword search.',
  zh: '这些知识库尚未建立向量，本次使用关键词检索。',
};

/** `hybrid`: vectors were searched as well. */
export function notAllEmbedded(counts: { embedded: number; total: number }, hybrid: boolean): Text {
  const { embedded, total } = counts;
  return hybrid
    ? {
        en: `${embedded} of ${total} passages are embedded so far, so keywords were searched as well to miss none.`,
        zh: `目前 ${total} 条数据中有 ${embedded} 条已建立向量，为避免遗漏，本次同时使用了关键词检索。`,
      }
    : {
        en: `${embedded} of ${total} passages are embedded so far, so this was a keyword search.`,
        zh: `目前 ${total} 条数据中有 ${embedded} 条已建立向量，本次使用关键词检索。`,
      };
}

export function modelGone(model: string): Text {
  return {
    en: `The model ${model}, which made the vectors of a dataset, is not connected: its passages were searched by keywords.`,
    zh: `知识库的向量由模型 ${model} 生成，但该模型未连接：其数据使用关键词检索。`,
  };
}

export function embeddingFailed(model: string, error: unknown): Text {
  const known = error instanceof AppError ? error : undefined;
  return {
    en: `The question could not be embedded by ${model}, so keywords were searched instead. ${known?.text('en') ?? ''}`.trim(),
    zh: `模型 ${model} 未能为问题生成向量，改用关键词检索。${known?.text('zh') ?? ''}`,
  };
}

/** `best` is what the datasets were measured to bear. */
export function weightLowered(asked: number, best: number): Text {
  return best > 0
    ? {
        en: `The vectors count ${best} instead of ${asked}: in this dataset a higher weight finds less than keywords alone.`,
        zh: `向量权重由 ${asked} 降为 ${best}：经测量，该知识库使用更高的权重会比仅用关键词检索更差。`,
      }
    : {
        en: 'The vectors of this dataset find less than keywords and would make the result worse, so this was a keyword search.',
        zh: '经测量，该知识库的向量检索效果不如关键词，混合检索会降低质量，本次使用关键词检索。',
      };
}

/** Until the worth of a dataset's vectors has been measured they count little. */
export function weightUnmeasured(asked: number, best: number): Text {
  return {
    en: `The vectors count ${best} instead of ${asked} until it is measured how well they find what is in this dataset.`,
    zh: `向量权重暂由 ${asked} 降为 ${best}：该知识库的向量检索效果尚未测量完成。`,
  };
}

export const weakVectors: Text = {
  en: 'In this dataset keywords find more than the vectors of its model: consider fullTextRecall or another embedding model.',
  zh: '经测量，该知识库使用关键词检索的效果优于当前向量模型，建议使用 fullTextRecall 或更换向量模型。',
};

export function rerankFailed(model: string): Text {
  return {
    en: `The rerank model ${model} failed and was skipped.`,
    zh: `重排模型 ${model} 调用失败，已跳过。`,
  };
}

export const noReranker: Text = {
  en: 'No rerank model is connected, so the results were not reranked.',
  zh: '未连接重排模型，本次结果未重排。',
};

export function noSuchReranker(model: string): Text {
  return {
    en: `The rerank model ${model} is not available, so the results were not reranked.`,
    zh: `重排模型 ${model} 不可用，本次结果未重排。`,
  };
}

export const similarityNeedsRerank: Text = {
  en: 'The similarity was not applied for that reason.',
  zh: '因此未按相似度过滤。',
};

/** `missing`: the model that was named and is not there. */
export function extensionNeedsModel(missing: string | undefined): Text {
  return missing === undefined
    ? {
        en: 'The question was searched as it is: extending it needs a language model, and none is connected.',
        zh: '按原问题检索：问题优化需要语言模型，当前未连接。',
      }
    : {
        en: `The question was searched as it is: the model ${missing}, which should extend it, is not available, and the default one is no language model.`,
        zh: `按原问题检索：用于问题优化的模型 ${missing} 不可用，且默认模型不是语言模型。`,
      };
}

export function extensionByAnother(missing: string, used: string): Text {
  return {
    en: `The model ${missing}, which should extend the question, is not available: ${used} was used instead.`,
    zh: `用于问题优化的模型 ${missing} 不可用，已改用 ${used}。`,
  };
}

export function extensionFailed(model: string): Text {
  return {
    en: `The question was searched as it is: the model ${model} gave no other wordings of it.`,
    zh: `按原问题检索：模型 ${model} 未能给出其他问法。`,
  };
}

/** Why a stage of a search that is explained left a passage out. */
export const sameText: Text = { en: 'the same text as a better passage', zh: '与排名更靠前的段落文本相同' };
export const lessSimilar = (type: 'reRank' | 'embedding', least: number): Text => ({
  en: `${type} score below ${least}`,
  zh: `${type === 'reRank' ? '重排' : '向量'}得分低于 ${least}`,
});
export const beyondLimit = (tokens: number): Text => ({
  en: `beyond ${tokens} tokens`,
  zh: `超出 ${tokens} token 的上限`,
});
