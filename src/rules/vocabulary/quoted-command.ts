// A command as messages quote it. The quotes may be escaped, as in messages that quote messages.

export const Q = '\\\\?["\'`“‘’”]';
export const QUOTED = `${Q}(?<command>[^"'\`\\\\]{1,300})${Q}`;
