// The name of a setting in a message.

// A variable's name in capitals with an underscore speaks for itself; a plain word needs the words around it.
export const NAME = '\\b(?<name>[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{1,80})';
export const ANY = '(?<name>[A-Za-z_][\\w.:-]{1,100})';
