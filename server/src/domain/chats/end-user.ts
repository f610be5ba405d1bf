/** The names under which callers send their own id of an end user: ours, OpenAI's, and that of FastGPT's share links. */
export interface EndUserFields {
  customUid?: string | undefined;
  user?: string | undefined;
  outLinkUid?: string | undefined;
}

/** The end user a request is about, as it is stored with a chat; '' = nobody is named. */
export function endUserOf(fields: EndUserFields): string {
  return (fields.customUid || fields.user || fields.outLinkUid || '').trim();
}
