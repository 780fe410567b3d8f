// The names of an incident's messages, each by its purpose. Invariant: a name belongs to one message for good.

/** `direct.PLAN.USER`: the outcome of a plan, for one person alone. */
export type MessageName =
  | 'card'
  | 'member'
  | 'details'
  | PlanMessage
  | OutcomeMessage
  | `news.${number}`
  | `direct.${string}.${string}`;

/** Of plans that an older version made there was one of each at a time. */
export type PlanMessage = 'plan' | `plan.${number}`;
export type OutcomeMessage = 'outcome' | `outcome.${number}`;
