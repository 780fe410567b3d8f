// `secret=shop/orders-db` names a Secret object, and that is evidence; as a member of a program's own settings the same word
// is a secret itself.

export const OBJECT_NAME = /^[a-z0-9][a-z0-9.]*[/-][a-z0-9./-]*$/;

// `{JWT:{Secret:x`, `Creds(user=…, secret="x"`; in JSON the names of objects stand so too.
const MEMBER = /(?:[{(]|[\w"'}\])], ?|\{[^{}\n]{0,150} (?=S))$/;
// {"jwt":{"secret":"x"}}
const SETTINGS =
  /(?:jwt|auth|session|cookie|hmac|sign|crypt|client|api|webhook|csrf)\w{0,20}["']?\s?[:=]>?\s?[&\w.]{0,20}\{[^{}]{0,150}$/i;
const REACH_CHARS = 200;

/** Whether the value of a name that begins here is a secret, though it is worded like an object's name. */
export function isOwnSetting(text: string, nameAt: number, value: string): boolean {
  if (value.includes('/')) return false;
  const before = text.slice(Math.max(0, nameAt - REACH_CHARS), nameAt);
  if (SETTINGS.test(before)) return true;
  return !/["']$/.test(before) && MEMBER.test(before.slice(before.lastIndexOf('\n') + 1));
}
