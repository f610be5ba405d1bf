import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import { createQuestion } from '../domain/saved-questions/create-question.ts';
import { deleteQuestion } from '../domain/saved-questions/delete-question.ts';
import { importQuestionFile, importQuestions } from '../domain/saved-questions/import-questions.ts';
import { listQuestions } from '../domain/saved-questions/list-questions.ts';
import { saveRated } from '../domain/saved-questions/save-rated.ts';
import { updateQuestion } from '../domain/saved-questions/update-question.ts';
import type { Handlers } from './handler.ts';

export const savedQuestionHandlers: Handlers<typeof savedQuestionEndpoints> = {
  listSavedQuestions: (input, { app, caller }) => listQuestions(app, caller, input),
  createSavedQuestion: (input, { app, caller }) => createQuestion(app, caller, input),
  updateSavedQuestion: (input, { app, caller }) => updateQuestion(app, caller, input),
  async deleteSavedQuestion({ id }, { app, caller }) {
    await deleteQuestion(app, caller, id);
    return null;
  },
  importSavedQuestions: (input, { app, caller, lang }) => importQuestions(app, caller, input, lang),
  uploadSavedQuestions: ({ datasetId }, { app, caller, files, lang }) =>
    importQuestionFile(app, caller, { datasetId, path: files[0]?.path ?? '' }, lang),
  saveRatedQuestion: (input, { app, caller }) => saveRated(app, caller, input),
};
