import type { Lang, Text } from '@lectern/contract/lang.ts';
import { checkIndex, type IndexReport } from '../../domain/index-check/check-index.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createTextIndex } from '../../retrieval/text-index.ts';
import type { Command, CommandAnswer, CommandContext, CommandOption } from '../command.ts';
import { slowProgress } from '../progress.ts';
import { table } from '../table.ts';

const words = {
  step: { en: 'data items looked at', zh: '已检查的数据' },
  dataset: { en: 'dataset', zh: '知识库' },
  item: { en: 'data item', zh: '数据' },
  index: { en: 'index', zh: '索引' },
  problem: { en: 'problem', zh: '问题' },
  keywords: { en: 'keywords', zh: '关键词' },
  vectors: { en: 'vectors', zh: '向量' },
} satisfies Record<string, Text>;

const dataset: CommandOption = {
  value: 'ID',
  text: { en: 'this dataset only', zh: '仅此知识库' },
};

async function run(
  { app, option, flag, lang, say }: CommandContext,
  repair: boolean,
): Promise<CommandAnswer> {
  const textIndex = createTextIndex({ store: app.store, log: createLogger('silent') });
  const tell = slowProgress(say);
  try {
    const report = await checkIndex(
      { store: app.store, textIndex },
      {
        datasetId: option('dataset'),
        repair,
        everything: flag('all'),
        progress: (items) => tell({ en: `${items} ${words.step.en}`, zh: `${words.step.zh}：${items}` }),
      },
    );
    return answerOf(report, repair, lang);
  } finally {
    await textIndex.close();
  }
}

function answerOf(report: IndexReport, repair: boolean, lang: Lang): CommandAnswer {
  const rows = report.problems.map(({ datasetId, dataId, index, what }) => [
    datasetId ?? '-',
    dataId,
    words[index][lang],
    what[lang],
  ]);
  const head = [words.dataset[lang], words.item[lang], words.index[lang], words.problem[lang]];
  const summary = summaryOf(report, repair);
  return {
    json: {
      ...report,
      problems: report.problems.map(({ what, ...rest }) => ({ ...rest, what: what[lang] })),
    },
    text: [...(rows.length > 0 ? [table(head, rows), ''] : []), summary[lang]].join('\n'),
    exitCode: report.found > 0 && !repair ? 1 : 0,
    ...(repair &&
      report.mended > 0 && {
        note: {
          en: 'What lost its vectors is embedded by the running server within a minute, or when it starts.',
          zh: '移除了向量的数据会由运行中的服务器在一分钟内重新建立向量，或在下次启动时建立。',
        },
      }),
  };
}

function summaryOf({ items, datasets, found, mended, problems }: IndexReport, repair: boolean): Text {
  const looked = {
    en: `${items} data items in ${datasets} datasets: `,
    zh: `共 ${datasets} 个知识库、${items} 条数据：`,
  };
  const more = found > problems.length;
  const named = more
    ? { en: ` (the first ${problems.length} are named)`, zh: `（仅列出前 ${problems.length} 个）` }
    : { en: '', zh: '' };
  const result =
    found === 0
      ? { en: 'the index says what the data says', zh: '索引与数据一致' }
      : { en: `${found} problems${named.en}`, zh: `发现 ${found} 个问题${named.zh}` };
  const done = repair
    ? { en: `, ${mended} entries made anew`, zh: `，已重建 ${mended} 项` }
    : { en: '', zh: '' };
  return { en: `${looked.en}${result.en}${done.en}.`, zh: `${looked.zh}${result.zh}${done.zh}。` };
}

const check: Command = {
  name: 'index check',
  summary: {
    en: 'prove that keyword index and vectors equal the data; exit code 1 when they do not',
    zh: '核对关键词索引和向量与数据是否一致；不一致时退出码为 1',
  },
  options: { dataset },
  run: (context) => run(context, false),
};

const rebuild: Command = {
  name: 'index rebuild',
  summary: {
    en: 'mend what "index check" finds, while the server runs',
    zh: '修复 “index check” 发现的问题，服务器可保持运行',
  },
  options: {
    dataset,
    all: {
      value: '',
      flag: true,
      text: {
        en: 'make everything anew, also what is right; vectors are asked of the model again',
        zh: '全部重建，包括正确的部分；向量会重新请求模型',
      },
    },
  },
  run: (context) => run(context, true),
};

export const indexCommands: readonly Command[] = [check, rebuild];
