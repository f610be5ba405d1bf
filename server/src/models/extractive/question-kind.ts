/** What kind of thing a question asks for, where its words tell. */
export type QuestionKind = 'person' | 'time' | 'number' | 'place' | 'reason' | 'list' | 'other';

const kinds: [QuestionKind, RegExp][] = [
  [
    'number',
    /\bhow (?:many|much|far|long|old|tall|large|big|high|deep|often|fast)\b|\bwhat (?:percent|percentage|number|amount|population)\b|多少|几[个名位次座条所人家种岁天年层部支]|多[大长高远久宽深重]/i,
  ],
  [
    'time',
    /\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|era)\b|\bsince what\b|何时|什么时候|哪[一]?[年天月日]|哪个(?:年代|世纪|朝代)|几[月年]|时间/i,
  ],
  ['person', /\bwho(?:m|se)?\b|\bwhat (?:person|king|queen|president)\b|是谁|谁|哪[一]?位|何人|哪个人/i],
  [
    'place',
    /\bwhere\b|\b(?:what|which) (?:city|country|state|place|location|region|town|continent|river)\b|哪里|哪儿|何处|什么地方|哪个(?:国家|城市|省|地区|地方|县)|位于/i,
  ],
  [
    'list',
    /\b(?:which|what)(?: are the)? (?:two|three|four|five|kinds?|types?|sorts?|options)\b|\b(?:kinds|types|sorts) of\b|哪[两三四五几]|哪些/i,
  ],
  ['reason', /\bwhy\b|\bfor what reason\b|\bwhat (?:caused|causes|led)\b|为什么|为何|原因|何以/i],
];

/** The first kind whose words occur in the question. */
export function kindOf(question: string): QuestionKind {
  return kinds.find(([, words]) => words.test(question))?.[0] ?? 'other';
}

const month = /\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b/;
const signs: Record<QuestionKind, RegExp | undefined> = {
  number:
    /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand|million|billion|half|percent|third|quarter)\b|[一二三四五六七八九十百千万亿两]+[个名位次座条所人家种岁天年层部支]/i,
  time: new RegExp(
    `\\b(?:1\\d|20)\\d\\d\\b|${month.source}|\\bcentury\\b|\\d+\\s*(?:年|月|日|世纪)|世纪|年代|[公民]元|年间|\\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|today|after|before|during|until)\\b`,
  ),
  // A capital that does not begin the sentence; in Chinese, what usually stands beside a name.
  person:
    /(?<=[\p{L}\d,;:)]\s)\p{Lu}\p{Ll}+|·|先生|女士|教授|博士|皇帝|国王|总统|由.{2,6}(?:担任|创|设|导|写|制|建|发)|[任为是]/u,
  place: /\b(?:in|at|near|from|of|to)\s+(?:the\s+)?\p{Lu}\p{Ll}+|[省市县区州国镇乡村路街港岛]|位于|来自/u,
  reason:
    /\b(?:because|since|due to|as a result|therefore|in order to|so that|caused|reason|to (?:avoid|prevent|allow))\b|因为|由于|因此|所以|原因|为了|导致/i,
  list: /[:：(（].{3,}(?:,|;|\band\b|\bor\b|、|和|或|；)/i,
  other: undefined,
};

/** Whether a sentence holds the kind of thing that is asked for. */
export function answersKind(kind: QuestionKind, sentence: string): boolean {
  return signs[kind]?.test(sentence) ?? false;
}
