/** What routes that are done do not do yet, for the end of docs/compatibility.md: nobody should find it out by trying. */
export const limits = `## Limits of what is done

Workflows:

- A run knows the nodes system configuration, start, dataset search, AI chat and specified reply (and passes over comments).
  A workflow that can reach any other node is stored as it is and refused when it runs, with the name of each such node.
- The dataset search node does not search deeply. Where a workflow asks for it, the \`notice\` of the node's response
  says that it was left out.
- The AI chat node shows pictures to the model by their address. Documents sent with a question are not read; the
  \`notice\` of the node's response names them.
- Schedules, question guides and speech settings in \`chatConfig\` are kept, and nothing acts on them.

Knowledge from elsewhere:

- \`collection/sync\` keeps the id of the collection; FastGPT gives what changed a new one. Of documents whose data items a
  model makes (\`qa\`), the old items go before the new ones come.
- Of API datasets \`apiServer\` works; \`feishuServer\`, \`yuqueServer\` and the dataset types of their kind are refused.
- \`dataset/datasetSync\` reads pages as their server sends them; what scripts add in a browser is not there.

Chat:

- OpenAI's parameters (\`temperature\`, \`max_tokens\`, \`tools\`, \`response_format\`, \`n\` …) are accepted; the app decides.
  \`finish_reason\` is \`stop\`, as FastGPT's is; why the model stopped stands in the node's response.
- An answer whose caller leaves is kept with its text so far, unless \`keepRunning\` asked for it to go on. The tokens of the model call that was cut off are not counted.
- \`chat/init\` shows the variables and the welcome text that the app has now, also for an older chat.
- \`getHistories\` has no \`hasBeenRead\`. \`core/chat/resume\` reads any run of the chat, of either version; its last words may come
  with the record only. \`v2\` takes no \`showSkillReferences\` and no \`authProxy\`.
- Share links do not exist yet: \`shareId\` is accepted and opens nothing.

Knowledge:

- \`getPreviewChunks\` shows the pieces of the text as it is: no model is asked for headings (\`paragraphChunkAIMode\`).
- Questions and answers that a model makes of a document that is replaced (by its external id) leave a gap until it has answered.

Models:

- Speech and transcription models are kept, listed and can be defaults; nothing calls them yet, and their test says so.
- \`requestUrl\` of a model is OpenAI's interface; other interfaces are reached by channels. \`defaultConfig\`, \`fieldMap\` and
  prices by tiers of an import from FastGPT are left out. \`quoteMaxToken\`, \`defaultToken\` and \`weight\` are kept and change
  nothing.
- \`getMyModels\` answers a plain list. \`model/test\` answers 200 whether the model works or not; \`ok\` says it.

People:

- A member is added with a one-time password (\`member/invite\`); there are no invitation links, groups and departments yet.
  A user logs in to the team they joined first; \`team/switch\` does not exist yet.
- \`updateContact\` keeps the address and sends nothing to it; no code proves it. Messages (\`inform\`) are seen in the
  console only. \`uploadImage\` takes avatars up to 2 MB and no SVG.
- The avatar of an app or dataset may be the name or relative path of one of FastGPT's icons: it is kept, and the console
  shows the sign of its kind instead. Addresses of other servers are refused.

Logs:

- Feedback cannot be marked as read, and answers cannot be corrected by hand. All feedback counts as unread
  (\`unreadOnly\` leaves nothing out) and \`markCount\` is 0. \`region\` is empty.
`;
