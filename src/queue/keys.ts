// The names of everything Loopbreaker keeps in Redis. Invariant: every name begins with one hash tag, so that a cluster
// keeps all of it in one slot and a script may touch any of it at once.
//
//   {loopbreaker}:incident:ID   hash    state, version, seq, hash, at, schemaVersion, key, closed, brief
//   {loopbreaker}:journal:ID    list    one sealed entry per version, the first at index 0; only ever appended to
//   {loopbreaker}:storm:ID      hash    of several incidents: the same fields
//   {loopbreaker}:storm-journal:ID  list  its journal
//   {loopbreaker}:storms        zset    storm by the time of its last transition in ms, the newest 10,000
//   {loopbreaker}:pending:ID    zset    effects not done yet: envelope by seq
//   {loopbreaker}:lane:ID       zset    ordered effects not done yet: envelope by seq; only the first is handed out
//   {loopbreaker}:open:KEY      string  the one open incident of a key
//   {loopbreaker}:last:KEY      string  the incident that took the key last, open or not
//   {loopbreaker}:delivery:ID   string  a delivery that was seen, and the incident it reached
//   {loopbreaker}:once:ID       string  a delivery that is answered at most once and reaches no incident
//   {loopbreaker}:inbox         zset    what people did in Slack and is not carried out yet, by the time in ms from which any gateway may
//   {loopbreaker}:claim:NAME    hash    token, fence
//   {loopbreaker}:fence         string  counter of fences, never reset
//   {loopbreaker}:recent        zset    incident by the time of its last transition in ms, the newest 10,000
//   {loopbreaker}:outbox        zset    envelope by the time in ms from which a relay may take it
//   {loopbreaker}:nudge         channel "the outbox has something"
//   {loopbreaker}:posts:due           zset    channel by the time in ms from which a gateway may take it
//   {loopbreaker}:posts:held          hash    channel: token of the gateway that has taken it
//   {loopbreaker}:posts:poked         set     held channels in which something was wanted meanwhile
//   {loopbreaker}:posts:order         string  counter: who came first
//   {loopbreaker}:posts:nudge         channel "a channel is due"
//   {loopbreaker}:posts:new:CHANNEL   zset    messages that are not in Slack yet, in the order in which they were wanted
//   {loopbreaker}:posts:edits:CHANNEL zset    messages that look otherwise than wanted, the longest waiting first
//   {loopbreaker}:posts:pace:NAME     hash    left, at, until: how much of a limit of Slack is left
//   {loopbreaker}:posts:dead          zset    messages that were given up, by time in ms, the newest 1,000
//   {loopbreaker}:message:OWNER/NAME  hash    one message: channel, parent, ts, shown, what is being tried
//   {loopbreaker}:watch:troubles:CLUSTER  hash    a trouble that a watcher knows: stage and signal, by id; at most 20,000
//   {loopbreaker}:watch:begun:CLUSTER     hash    a scope (namespace or *) whose old troubles are known: when
//   {loopbreaker}:watch:broken:ID         string  what was broken already when a watcher first came
//   {loopbreaker}:totals        hash    counters: how often what happened
//   {loopbreaker}:history:KIND:CLUSTER  zset    what changed, by its time in ms: 7 days, at most 50,000 of a kind
//   {loopbreaker}:history:clusters      set     of which clusters anything is kept
//   {loopbreaker}:counted:KIND:ID       hash    count, at: the count of a thing when it was last seen; 7 days, of a warning 2
//   {loopbreaker}:bull:QUEUE:…          BullMQ's own
//
// How long each is kept, or how many: docs/redis.md, which a test holds to this list and to what a life leaves.

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
    last: (key: string) => `${prefix}:last:${bounded('incident key', key)}`,
    delivery: (id: string) => `${prefix}:delivery:${bounded('delivery id', id)}`,
    once: (id: string) => `${prefix}:once:${bounded('delivery id', id)}`,
    inbox: `${prefix}:inbox`,
    claim: (name: string) => `${prefix}:claim:${bounded('claim', name)}`,
    fence: `${prefix}:fence`,
    recent: `${prefix}:recent`,
    outbox: `${prefix}:outbox`,
    nudge: `${prefix}:nudge`,
    posts: {
      due: `${prefix}:posts:due`,
      held: `${prefix}:posts:held`,
      poked: `${prefix}:posts:poked`,
      order: `${prefix}:posts:order`,
      nudge: `${prefix}:posts:nudge`,
      dead: `${prefix}:posts:dead`,
      new: (channel: string) => `${prefix}:posts:new:${channelId(channel)}`,
      edits: (channel: string) => `${prefix}:posts:edits:${channelId(channel)}`,
      pace: (name: string) => `${prefix}:posts:pace:${bounded('pace', name)}`,
      message: (id: string) => `${prefix}:message:${messageId(id)}`,
    },
    watch: {
      troubles: (cluster: string) => `${prefix}:watch:troubles:${bounded('cluster', cluster)}`,
      begun: (cluster: string) => `${prefix}:watch:begun:${bounded('cluster', cluster)}`,
      broken: (id: string) => `${prefix}:watch:broken:${bounded('list id', id)}`,
    },
    totals: `${prefix}:totals`,
    history: (kind: string, cluster: string) => `${prefix}:history:${kind}:${bounded('cluster', cluster)}`,
    historyClusters: `${prefix}:history:clusters`,
    counted: (kind: string, id: string) => `${prefix}:counted:${kind}:${bounded('counted thing', id)}`,
    bull: `${prefix}:bull`,
  };
}

/** The same keys for stories of several incidents: they share queues, effects and the outbox with the incidents' own. */
export function stormKeys(keys: Keys): Keys {
  const renamed = (key: string, from: string, to: string): string => key.replace(`}:${from}`, `}:${to}`);
  return {
    ...keys,
    incident: (id) => renamed(keys.incident(id), 'incident:', 'storm:'),
    journal: (id) => renamed(keys.journal(id), 'journal:', 'storm-journal:'),
    recent: renamed(keys.recent, 'recent', 'storms'),
  };
}

/** Incident ids become part of job ids, where BullMQ allows no colon. */
function incidentId(id: string): string {
  if (!/^[\w.-]{1,64}$/.test(id)) {
    throw new RangeError(`An incident id is 1 to 64 letters, digits, dots, dashes or underscores; ${show(id)} is not.`);
  }
  return id;
}

function channelId(id: string): string {
  if (!/^[A-Z0-9]{2,40}$/.test(id))
    throw new RangeError(`A Slack channel id is capital letters and digits; ${show(id)} is not.`);
  return id;
}

/** `OWNER/NAME`: an incident or whatever else owns messages, and which of its messages. */
function messageId(id: string): string {
  if (!/^[\w.-]{1,64}\/[\w.-]{1,40}$/.test(id)) throw new RangeError(`A message is OWNER/NAME; ${show(id)} is not.`);
  return id;
}

function bounded(what: string, text: string): string {
  if (text === '' || text.length > 600) throw new RangeError(`A ${what} is 1 to 600 characters; ${show(text)} is not.`);
  return text;
}

const show = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
