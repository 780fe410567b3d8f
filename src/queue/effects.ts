// Which effects of an incident are still to be done. Invariant: an effect is in `pending` or `lane` from its transition
// until it is done or given up, whatever BullMQ keeps or forgets; of a lane only the first is ever handed out.

import type { Envelope } from './envelope.ts';
import type { RedisConnections } from './redis.ts';
import * as scripts from './scripts.ts';

export interface Effects {
  /** `wait`: an earlier effect of the lane is not done. */
  begin(envelope: Envelope<unknown>): Promise<'run' | 'wait' | 'done'>;
  finish(envelope: Envelope<unknown>): Promise<void>;
}

export function effectsIn({ ask, keys }: RedisConnections): Effects {
  return {
    async begin({ incident, seq }) {
      const turn = await ask((redis) =>
        scripts.beginEffect(redis, [keys.pending(incident), keys.lane(incident)], [seq]),
      );
      return turn === 'run' || turn === 'wait' ? turn : 'done';
    },
    async finish({ incident, seq }) {
      const touched = [keys.pending(incident), keys.lane(incident), keys.outbox];
      await ask((redis) => scripts.finishEffect(redis, touched, [seq, keys.nudge]));
    },
  };
}
