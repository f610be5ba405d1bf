/* What belongs to people besides their accounts, as schema.ts has the rest. */

/** A picture of a person, team, app or dataset; anybody may see it who knows the id. Never changes. */
export interface AvatarRow {
  id: string;
  teamId: string;
  memberId: string;
  /** By its content; never one that a browser runs. */
  contentType: string;
  bytes: Uint8Array;
  createTime: number;
}

/** A message that a member has read; which there are is seen from what they are about. */
export interface InformReadRow {
  memberId: string;
  informId: string;
  time: number;
}
