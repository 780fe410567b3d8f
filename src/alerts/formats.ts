// Which format reads which payload. A new one is one file and one line here, and its name in core/sender.ts.

import type { Format, Sender } from '../core/sender.ts';
import { type Reading, type ReadSignals, signalsFrom } from './alert.ts';
import { readAlertmanager } from './alertmanager.ts';
import { readAzure } from './azure.ts';
import { readGeneric } from './generic.ts';
import { readGrafana } from './grafana.ts';
import { readPagerDuty } from './pagerduty.ts';

const READ: { [format in Format]: (body: unknown, sender: Sender) => Reading } = {
  alertmanager: readAlertmanager,
  grafana: readGrafana,
  pagerduty: readPagerDuty,
  azure: readAzure,
  generic: (body, { fields }) => readGeneric(body, fields ?? { resolved: [] }),
};

/** `now` is RFC 3339: for alerts that do not say when they began. Throws z.ZodError on a payload of another kind. */
export function readSignals(body: unknown, sender: Sender, now: string): ReadSignals {
  return signalsFrom(READ[sender.format](body, sender), sender, now);
}
