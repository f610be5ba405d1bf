/**
 * A text in the language of the person at the terminal, by the same rule as the server's own messages
 * (server/src/kernel/terminal-lang.ts), which cannot be imported before anything is installed.
 * @param {{en: string, zh: string}} text
 * @param {Record<string, string | undefined>} [env]
 */
export const inLanguage = (text, env = process.env) =>
  /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? text.zh : text.en;
