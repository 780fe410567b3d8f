// Who may send alerts, in which format, and how a sender proves itself: the form of the senders file. Strict: an unknown
// word is a mistake, and a sender without a proof is none. The file holds secrets, so no message shows a value of it.

import { z } from 'zod';

export const FORMATS = ['alertmanager', 'grafana', 'pagerduty', 'azure', 'generic'] as const;
export type Format = (typeof FORMATS)[number];

const matching = (pattern: RegExp, message: string) => z.string().regex(pattern, message);
const EXAMPLE = 'put-a-secret-of-your-own-here';
const ownSecret = z
  .string('must be a text: put it in quotation marks')
  .refine((text) => text !== EXAMPLE, 'is still that of the example: openssl rand -hex 32 makes one');
const secret = ownSecret
  .min(16, 'must have at least 16 characters: openssl rand -hex 32 makes one')
  .max(500, 'must have at most 500 characters');
const header = matching(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of an HTTP header').transform((name) =>
  name.toLowerCase(),
);
const path = matching(/^[\w@-]+(\.[\w@-]+)*$/, 'must be a path such as event.tags, with dots between the steps');

const hmac = z.strictObject({
  secret,
  header: header.optional().meta({ description: 'Header with the signature; known for pagerduty and grafana.' }),
  prefix: z
    .string()
    .max(20)
    .optional()
    .meta({ description: 'What stands before the hexadecimal digits, such as v1=.' }),
  timestampHeader: header
    .optional()
    .meta({ description: 'Header with seconds since 1970; then "SECONDS:BODY" is signed, and only lately.' }),
});

const auth = z
  .strictObject({
    bearer: secret.optional(),
    basic: z.strictObject({ user: z.string().min(1).max(100), password: secret }).optional(),
    hmac: hmac.optional(),
    path: ownSecret
      .regex(/^[\w-]{16,200}$/, 'must be 16 to 200 letters, digits, dashes and underscores')
      .optional()
      .meta({ description: 'Secret last segment of the address, for senders that can do nothing else.' }),
    none: z.literal(true).optional().meta({ description: 'Anybody may send; only where the port is on loopback.' }),
  })
  .refine(
    (ways) => Object.values(ways).filter((way) => way !== undefined).length === 1,
    'must say one of bearer, basic, hmac, path or none',
  );

const fields = z.strictObject({
  alerts: path.optional().meta({ description: 'Where the list of alerts is; without it the body is one alert.' }),
  status: path.optional().meta({ description: 'Without it every alert is firing.' }),
  resolved: z
    .array(z.string().max(100))
    .max(20)
    .default(['resolved', 'recovered', 'ok', 'closed'])
    .meta({ description: 'Values of status that mean it has ended; case does not matter.' }),
  id: path.optional().meta({ description: 'What stays the same while the trouble lasts.' }),
  at: path.optional().meta({ description: 'When it began: RFC 3339, or seconds or milliseconds since 1970.' }),
  title: path.optional(),
  severity: path.optional(),
  labels: path.optional().meta({ description: 'An object, or a list or text of name:value pairs.' }),
  cluster: path.optional(),
  namespace: path.optional(),
  pod: path.optional(),
  container: path.optional(),
  deployment: path.optional(),
  statefulset: path.optional(),
  daemonset: path.optional(),
  job: path.optional(),
  cronjob: path.optional(),
});

const sender = z
  .strictObject({
    name: matching(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be at most 40 lower-case letters, digits and dashes'),
    format: z.enum(FORMATS, `must be one of ${FORMATS.join(', ')}`),
    auth,
    cluster: matching(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a cluster alias of LOOPBREAKER_CLUSTERS')
      .default('')
      .meta({ description: 'The cluster that all its alerts are about, whatever their labels say.' }),
    fields: fields.optional().meta({ description: 'For generic: where in the JSON things stand.' }),
  })
  .superRefine(({ format, auth: ways, fields: paths }, context) => {
    const say = (where: string[], message: string): void => context.addIssue({ code: 'custom', path: where, message });
    if (format === 'generic' && !paths) say(['fields'], 'is missing: a generic sender needs its paths');
    if (format !== 'generic' && paths) say(['fields'], 'belongs to format generic only');
    if (ways.hmac && !ways.hmac.header && !(format in SIGNATURES))
      say(['auth', 'hmac', 'header'], 'is missing: name the header that carries the signature');
  });

export const sendersFile = z
  .strictObject({
    version: z.literal(1, 'must be 1'),
    senders: z.array(sender).min(1, 'must name at least one').max(100),
  })
  .meta({ title: 'Loopbreaker senders', description: 'Who may send alerts, and how they prove it.' });

export type SendersFile = z.output<typeof sendersFile>;
export type Sender = SendersFile['senders'][number];
export type GenericFields = NonNullable<Sender['fields']>;

/** How the formats sign that have a custom of their own: PagerDuty v3 and Grafana 12. */
export const SIGNATURES: { [format: string]: { header: string; prefix: string } } = {
  pagerduty: { header: 'x-pagerduty-signature', prefix: 'v1=' },
  grafana: { header: 'x-grafana-alerting-signature', prefix: '' },
};

/**
 * The senders that one token stands for: each format but generic, named like it. Azure Monitor can show no header, so its
 * token is the last segment of the address. "" lets everybody in.
 */
export function sendersOfToken(token: string): Sender[] {
  return FORMATS.filter((format) => format !== 'generic').map((format) => ({
    name: format,
    format,
    auth: token === '' ? { none: true } : format === 'azure' ? { path: token } : { bearer: token },
    cluster: '',
  }));
}

/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
