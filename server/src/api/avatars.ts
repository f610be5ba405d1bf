import type { avatarEndpoints } from '@lectern/contract/avatars.ts';
import { presignAvatar, readAvatar, uploadImage } from '../domain/avatars/avatars.ts';
import type { Handlers } from './handler.ts';

export const avatarHandlers: Handlers<typeof avatarEndpoints> = {
  uploadImage: ({ base64Img }, { app, caller }) => uploadImage(app, caller, base64Img),
  presignAvatar: (_input, { app, caller, origin }) => presignAvatar(app, caller, origin),
  readAvatar: ({ image }, { app }) => readAvatar(app, image ?? ''),
};
