// The names of everything Loopbreaker keeps in Redis. Invariant: every name begins with one hash tag, so that a cluster
// keeps all of it in one slot and a script may touch any of it at once.
//
//   {loopbreaker}:incident:ID   hash    state, version, seq, hash, at, schemaVersion, key, closed
//   {loopbreaker}:journal:ID    list    one sealed entry per version, the first at index 0; only ever appended to
//   {loopbreaker}:pending:ID    zset    effects not done yet: envelope by seq
//   {loopbreaker}:lane:ID       zset    ordered effects not done yet: envelope by seq; only the first is handed out
//   {loopbreaker}:open:KEY      string  the one open incident of a key
//   {loopbreaker}:delivery:ID   string  a delivery that was seen, and the incident it reached
//   {loopbreaker}:once:ID       string  a delivery that is answered at most once and reaches no incident
//   {loopbreaker}:claim:NAME    hash    token, fence
//   {loopbreaker}:fence         string  counter of fences, never reset
//   {loopbreaker}:recent        zset    incident by the time of its last transition in ms, the newest 10,000
//   {loopbreaker}:outbox        zset    envelope by the time in ms from which a relay may take it
//   {loopbreaker}:nudge         channel "the outbox has something"
//   {loopbreaker}:totals        hash    counters: how often what happened
//   {loopbreaker}:history:KIND:CLUSTER  zset    what changed, by its time in ms: 7 days, at most 50,000 of a kind
//   {loopbreaker}:counted:KIND:ID       hash    count, at: the count of a thing when it was last seen; 7 days
//   {loopbreaker}:bull:QUEUE:…          BullMQ's own
//
// An incident (its first four keys) is kept closedDays (30) after the last transition of a closed one, openDays (90) of
// an open one; a delivery one day; a claim as long as its holder asked for.

export const defaultPrefix = '{loopbreaker}';

export type Keys = ReturnType<typeof keysUnder>;

export function keysUnder(prefix: string) {
  if (!/^\{[\w.-]{1,60}\}$/.test(prefix)) {
    throw new RangeError(
      `The Redis prefix ${JSON.stringify(prefix)} must look like ${defaultPrefix}: one word in braces.`,
    );
  }
  return {
    incident: (id: string) => `${prefix}:incident:${incidentId(id)}`,
    journal: (id: string) => `${prefix}:journal:${incidentId(id)}`,
    pending: (id: string) => `${prefix}:pending:${incidentId(id)}`,
    lane: (id: string) => `${prefix}:lane:${incidentId(id)}`,
    open: (key: string) => `${prefix}:open:${bounded('incident key', key)}`,
    delivery: (id: string) => `${prefix}:delivery:${bounded('delivery id', id)}`,
    once: (id: string) => `${prefix}:once:${bounded('delivery id', id)}`,
    claim: (name: string) => `${prefix}:claim:${bounded('claim', name)}`,
    fence: `${prefix}:fence`,
    recent: `${prefix}:recent`,
    outbox: `${prefix}:outbox`,
    nudge: `${prefix}:nudge`,
    totals: `${prefix}:totals`,
    history: (kind: string, cluster: string) => `${prefix}:history:${kind}:${bounded('cluster', cluster)}`,
    counted: (kind: string, id: string) => `${prefix}:counted:${kind}:${bounded('counted thing', id)}`,
    bull: `${prefix}:bull`,
  };
}

/** Incident ids become part of job ids, where BullMQ allows no colon. */
function incidentId(id: string): string {
  if (!/^[\w.-]{1,64}$/.test(id)) {
    throw new RangeError(`An incident id is 1 to 64 letters, digits, dots, dashes or underscores; ${show(id)} is not.`);
  }
  return id;
}

function bounded(what: string, text: string): string {
  if (text === '' || text.length > 600) throw new RangeError(`A ${what} is 1 to 600 characters; ${show(text)} is not.`);
  return text;
}

const show = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
