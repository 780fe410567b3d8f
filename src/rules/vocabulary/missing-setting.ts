// How programs say that a setting they need from outside is not there. The group `name` is the variable or property;
// rows without it know that something is missing, but not what it is called.

import { signTable } from '../../core/log-signs.ts';
import { IMAGES } from './missing-setting/images.ts';
import { LIBRARIES } from './missing-setting/libraries.ts';
import { PLAIN } from './missing-setting/plain.ts';

export const MISSING_SETTING = signTable([...LIBRARIES, ...IMAGES, ...PLAIN]);

/** pydantic, environs, envalid, dotenv-safe, zod: the heading says what it is about, the names stand on lines of their own. */
export const HEADING =
  /\bvalidation errors? for \w{0,40}(?:Settings|Config|Env)|Invalid environment variables|Missing environment variables|defined in \.env\.example but are not present|environment variables? (?:is|are) (?:missing|required)|variables failed assertions|Missing required configuration|^ZodError: \[|(?:these|the following) (?:environment |env )?variables (?:are|be|to be) (?:set|defined)/i;
export const LISTED =
  /^[\s*•·-]{0,8}(?<name>[A-Za-z_]\w{2,80})(?::| \(| is missing|\s*$|\b.*(?:[Rr]equired|undefined|missing))|^(?:"path": \[ ?)?"(?<quoted>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})"(?: ?\])?,?$/;

/** Names that images want where their message does not give one in the same line. */
export const KNOWN_NAMES: [RegExp, string][] = [
  [/superuser password is not specified/, 'POSTGRES_PASSWORD'],
  [/Database is uninitialized and password option/, 'MYSQL_ROOT_PASSWORD'],
  [/No application encryption key/, 'APP_KEY'],
  [/secret_key_base/, 'SECRET_KEY_BASE'],
  [/Please define a [`']secret|MissingSecret/, 'NEXTAUTH_SECRET'],
  [/specify a region|[Mm]issing region|region configuration|AWS region|region provider chain/, 'AWS_REGION'],
  [/API key (?:must be|is not)/, 'DD_API_KEY'],
];
