import type { Text } from '@lectern/contract/lang.ts';

/** What the engine says of broken JSON, in the order in which it is looked for, and the same in Chinese. */
const known: readonly (readonly [RegExp, string])[] = [
  [/^Unexpected end of JSON input/, '内容不完整，提前结束'],
  [/^Unexpected non-whitespace character after JSON/, 'JSON 结束后还有多余内容'],
  [/^Unexpected token '(.+?)'/s, '出现意外字符 $1'],
  [/^Unexpected (?:number|string)/, '此处不应出现数字或字符串'],
  [/^Expected double-quoted property name/, '此处应为双引号括起的属性名'],
  [/^Expected property name or '\}'/, '此处应为双引号括起的属性名或 }'],
  [/^Expected ':'/, '属性名之后应为冒号'],
  [/^Expected ',' or '([}\]])'/, '此处应为逗号或 $1'],
  [/^Unterminated string/, '字符串没有结束引号'],
  [/^Unterminated fractional number|^Exponent part|^No number after/, '数字不完整'],
  [/^Bad control character/, '字符串中有未转义的控制字符（如换行）'],
  [/^Bad escaped character|^Bad Unicode escape/, '转义字符不正确'],
];

/** Why a text is no JSON, for a person: the engine's own message, which is English only, in both languages. */
export function jsonProblem(message: string): Text {
  const en = message.slice(0, 200);
  const found = known.find(([pattern]) => pattern.test(message));
  if (!found) return { en, zh: '无法解析' };
  const [pattern, words] = found;
  const sign = pattern.exec(message)?.[1] ?? '';
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  const place = line === undefined ? '' : `第 ${line} 行第 ${column} 列：`;
  // A replacement text would read `$` in the sign.
  return { en, zh: place + words.split('$1').join(sign) };
}
