// The postmen as a process of their own, to be killed in the middle of their work by the outbox's tests.

import { connect } from '../../src/queue/redis.ts';
import { outboxIn } from './outbox.ts';

const { OUTBOX_TEST_REDIS = '', OUTBOX_TEST_SLACK = '' } = process.env;
const redis = await connect(OUTBOX_TEST_REDIS);
outboxIn(redis, { holdMs: 300 }).postmen(OUTBOX_TEST_SLACK, 50);
process.send?.('ready');
