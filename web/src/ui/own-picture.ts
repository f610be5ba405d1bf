/** Pictures that people uploaded here and those inside the page; any other address could do or tell something. */
const own = /^(\/api\/system\/img\/[0-9a-f]{24}(\.\w{1,10})?$|data:image\/(png|jpeg|gif|webp);)/;

/** An avatar where it may be shown, else '': others are names of FastGPT's icons, or foreign. */
export const ownPicture = (avatar: string): string => (own.test(avatar) ? avatar : '');
