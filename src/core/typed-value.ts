// A value that only a person knows, typed in Slack: what may be a secret never becomes part of a plan, for plans, journals
// and messages are read by many.

import { secrecyOf } from './redact/names.ts';
import { redactText } from './redact.ts';

const LONGEST = 1_000;

/** Why this value may not be set under this name; undefined when it may. */
export function whyNotTyped(name: string, value: string): string | undefined {
  if (value === '') return `Which value ${name} should have was not said.`;
  if (value.length > LONGEST) return `The value of ${name} is longer than ${LONGEST} characters: set it by hand.`;
  if (/[^\P{Cc}\n\t]/u.test(value)) return `The value of ${name} holds control characters: set it by hand.`;
  if (isSecretName(name) || value.includes('‹hidden ') || redactText(`${name}=${value}`).text !== `${name}=${value}`)
    return `${name} looks like a secret, and secrets are never written from here: put it into a Secret and refer to that.`;
  return undefined;
}

export const isSecretName = (name: string): boolean => secrecyOf(name) === 'strong';
