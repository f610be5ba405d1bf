import type { Text } from '@lectern/contract/lang.ts';

/** What is wrong with a command line that `parseArgs` of Node refused, in both languages. */
export function argumentProblem(thrown: unknown): Text {
  const { code, message } = thrown as NodeJS.ErrnoException;
  // Node quotes the culprit: '--port <value>', '-p, --port', 'word'.
  const name = /'(?:-\w, )?([^' <]+)/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return { en: `Unknown option ${name}.`, zh: `未知选项 ${name}。` };
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return { en: `"${name}" is not expected here.`, zh: `此处不应有“${name}”。` };
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /does not take/.test(message)
        ? { en: `${name} takes no value.`, zh: `${name} 不带值。` }
        : { en: `${name} needs a value.`, zh: `${name} 需要一个值。` };
    default:
      return { en: message, zh: `参数错误：${message}` };
  }
}
