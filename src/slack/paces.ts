// How fast Slack may be called, a little below what it allows: its rate-limit page speaks of about one message a second
// in each channel with short bursts, several hundred a minute in the workspace, and tier 3 (50 a minute) for the rest.

export interface Pace {
  name: string;
  burst: number;
  perMinute: number;
  ofMessage?: boolean;
}

type Paced = 'chat.postMessage' | 'chat.update' | 'conversations.history';
type Limit = Omit<Pace, 'name'>;

const LIMITS: Record<Paced, { inChannel: Limit; inWorkspace: Limit; ofMessage?: Limit }> = {
  'chat.postMessage': { inChannel: { burst: 3, perMinute: 60 }, inWorkspace: { burst: 80, perMinute: 290 } },
  'chat.update': {
    inChannel: { burst: 20, perMinute: 60 },
    inWorkspace: { burst: 45, perMinute: 49 },
    // Nobody reads faster, and what is not spent on progress is there for answers.
    ofMessage: { burst: 2, perMinute: 60 },
  },
  'conversations.history': { inChannel: { burst: 5, perMinute: 30 }, inWorkspace: { burst: 20, perMinute: 45 } },
};

/** The channel's own pace first: it alone is held when Slack asks for patience there. */
export function pacesOf(method: Paced, channel: string, message = ''): Pace[] {
  const { inChannel, inWorkspace, ofMessage } = LIMITS[method];
  return [
    { name: `${method}:${channel}`, ...inChannel },
    { name: method, ...inWorkspace },
    ...(ofMessage && message ? [{ name: `${method}:${message}`, ...ofMessage, ofMessage: true }] : []),
  ];
}
