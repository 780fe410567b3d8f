// The vocabulary of remedies: one id each, the contract between rules, actions, policy and the JSON document.

/** The remedies a finding may ask for; each has one file in `actions`. */
export const ACTION_IDS = [
  'restart',
  'rollback',
  'raise-memory-limit',
  'raise-cpu-limit',
  'raise-heap-limit',
  'fix-probe',
  'disable-service-links',
  'fix-config',
  'fix-security-context',
  'add-writable-volume',
  'move-off-node',
  'suspend',
  'debug-copy',
] as const;

export type ActionId = (typeof ACTION_IDS)[number];

export const RISKS = ['low', 'medium', 'high'] as const;

export type Risk = (typeof RISKS)[number];
