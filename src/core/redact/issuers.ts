// Tokens that are recognisable by themselves, because their issuer marks them. One row per issuer: what to call it,
// a literal that every such token contains (looked for first, it is cheap), and the pattern.
// Every pattern begins at a word's start or has a bounded length, so that no input makes the search slow.

import { drawnTokens, SHORTEST_DRAWN } from './drawn.ts';
import { type Hit, inOrder } from './hits.ts';

export interface Issuer {
  what: string;
  literal: string;
  pattern: RegExp;
}

// At a word's start, also after an escaped newline or tab inside a JSON string.
const START = String.raw`(?<=^|[^A-Za-z0-9_]|\\[nrt])`;
// For patterns of unbounded length: no character of the token may stand before it, so each run is read once.
const RUN_START = String.raw`(?<=^|[^\w-]|\\[nrt])`;

function issuer(what: string, literal: string, pattern: string, start = START): Issuer {
  return { what, literal, pattern: new RegExp(start + pattern, 'gm') };
}

export const issuers: readonly Issuer[] = [
  issuer('jwt', 'eyJ', String.raw`eyJ[\w-]{8,}\.(?:[\w-]{8,}|\.[\w-]{8,})(?:\.[\w-]*)?(?:\.[\w-]+){0,2}`, RUN_START),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((p) => issuer('github-token', p, `${p}[A-Za-z0-9]{20,255}`)),
  issuer('github-token', 'github_pat_', String.raw`github_pat_\w{20,255}`),
  ...['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-', 'glimt-', 'glagent-'].map((p) =>
    issuer('gitlab-token', p, String.raw`${p}[\w.-]{16,255}`),
  ),
  issuer('slack-token', 'xox', String.raw`xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,255}`),
  issuer('slack-token', 'xapp-', 'xapp-[A-Za-z0-9-]{10,255}'),
  issuer(
    'slack-webhook',
    'hooks.slack.com/',
    String.raw`(?<=hooks\.slack\.com\/)(?:services|workflows|triggers)\/[\w/-]{10,200}`,
  ),
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((p) => issuer('aws-key', p, `${p}[A-Z2-7]{16}(?![A-Za-z0-9])`)),
  issuer('google-api-key', 'AIza', String.raw`AIza[\w-]{30,80}`),
  issuer('google-oauth-token', 'ya29.', String.raw`ya29\.[\w-]{20,2000}`),
  issuer('google-oauth-secret', 'GOCSPX-', String.raw`GOCSPX-[\w-]{20,80}`),
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'].map((p) =>
    issuer('stripe-key', p, `${p}[A-Za-z0-9+/=]{10,255}`),
  ),
  issuer('npm-token', 'npm_', 'npm_[A-Za-z0-9]{30,80}'),
  issuer('pypi-token', 'pypi-AgE', String.raw`pypi-AgE[\w-]{20,1000}`),
  issuer(
    'api-key',
    'sk-',
    String.raw`sk-(?:(?:proj|ant|svcacct|admin|or|lf)-[\w-]{20,300}|(?=[\w-]{0,40}[A-Z0-9])(?=[\w-]{0,60}[A-Z])[\w-]{20,300})`,
  ),
  // npm and browsers write sha512-… of what they fetched just so.
  issuer('azure-storage-key', '==', '(?<!sha512-)[A-Za-z0-9+/]{86}=='),
  issuer('azure-client-secret', 'Q~', String.raw`[A-Za-z0-9_~.]{3}\dQ~[\w~.-]{31,36}`),
  issuer('azure-sas', 'sig=', String.raw`(?<=[?&;]sig=)[\w%+/=-]{20,200}`),
  issuer('twilio-key', 'SK', 'SK[0-9a-f]{32}(?![A-Za-z0-9])'),
  issuer('sendgrid-key', 'SG.', String.raw`SG\.[\w-]{16,80}\.[\w-]{16,120}`),
  ...['hvs.', 'hvb.', 'hvr.'].map((p) =>
    issuer('vault-token', p, String.raw`${p.replace('.', String.raw`\.`)}[\w-]{20,}`),
  ),
  issuer('openshift-token', 'sha256~', String.raw`sha256~[\w-]{30,80}`),
  ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((p) => issuer('digitalocean-token', p, `${p}[0-9a-f]{40,80}`)),
  issuer('huggingface-token', 'hf_', 'hf_[A-Za-z0-9]{30,80}'),
  issuer('shopify-token', 'shp', 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'),
  issuer('square-token', 'sq0', String.raw`sq0(?:atp|csp)-[\w-]{20,80}`),
  issuer('mailgun-key', 'key-', 'key-[0-9a-f]{32}(?![A-Za-z0-9])'),
  issuer('mailchimp-key', '-us', String.raw`[0-9a-f]{32}-us\d{1,2}(?!\w)`),
  issuer('telegram-token', ':AA', String.raw`\d{8,10}:AA[\w-]{30,40}`, String.raw`(?<=^|[^A-Za-z0-9_]|\\[nrt]|\bbot)`),
  issuer('discord-webhook', '/api/webhooks/', String.raw`(?<=\/api\/webhooks\/\d{15,22}\/)[\w-]{40,100}`),
  issuer('discord-token', '.', String.raw`[MNO][A-Za-z\d]{22,27}\.[\w-]{6}\.[\w-]{27,45}`),
  issuer(
    'teams-webhook',
    'IncomingWebhook/',
    String.raw`(?<=\/IncomingWebhook\/)[0-9a-f]{32}(?:\/[0-9a-f-]{36})?(?:\/[\w-]{20,80})?`,
    '',
  ),
  issuer('firebase-key', ':APA91b', String.raw`[\w-]{8,30}:APA91b[\w-]{60,200}`),
  issuer('facebook-token', 'EAA', 'EAA[A-Za-z0-9]{50,300}'),
  issuer('postman-key', 'PMAK-', 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}'),
  issuer('pulumi-token', 'pul-', 'pul-[0-9a-f]{40}'),
  issuer('doppler-token', 'dp.', String.raw`dp\.(?:st|pt|ct|sa|scim|audit)\.[\w.-]{30,80}`),
  issuer('notion-token', 'secret_', 'secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])'),
  issuer('airtable-token', 'pat', String.raw`pat[A-Za-z0-9]{14}\.[0-9a-f]{64}`),
  issuer('encoded-key', 'MII', 'MII[A-Za-z0-9+/]{37,8000}={0,2}'),
  issuer('registry-login', 'eyJhdXRo', 'eyJhdXRo[A-Za-z0-9+/]{12,4000}={0,2}'),
  issuer('databricks-token', 'dapi', 'dapi[0-9a-f]{32}(?:-\\d)?'),
  ...[
    'glsa_',
    'glc_',
    'lin_api_',
    'dckr_pat_',
    'dckr_oat_',
    'sbp_',
    'gsk_',
    'ntn_',
    'pscale_tkn_',
    'pscale_pw_',
    'rubygems_',
    'figd_',
    'sntrys_',
    'xkeysib-',
    'NRAK-',
    'ATATT3',
    'fm1_',
    'r8_',
    'fm2_',
  ].map((p) => issuer('api-token', p, String.raw`${p}[\w.=-]{20,300}`)),
  ...[
    ...'xai- pplx- lsv2_ csk- pcsk_ tvly- bkua_ CCIPAT_ CCIPRJ_ vcp_ vci_ vca_ vck_ nfp_ nfc_ rnd_ pdl_ polar_ hcaik_ hcalk_ hcamk_'.split(
      ' ',
    ),
    ...'tskey- nvapi- tgp_v1_ jina_ e2b_ sgp_ phx_ squ_ sqp_ sqa_ AKCp ATCTT3 ATBB BBDC- dt0c01. dt0s01. snyk_uat. CFPAT- cfut_ cfat_ ABSK CfDJ8'.split(
      ' ',
    ),
  ].map((p) => issuer('api-token', p, String.raw`${p.replace('.', '\\.')}(?=[\w./+-]{0,60}\d)[\w.=/+-]{20,1000}`)),
  ...['ory_at_', 'ory_rt_', 'ory_st_', 'ory_pat_'].map((p) => issuer('api-token', p, String.raw`${p}[\w.-]{20,300}`)),
  issuer('resend-key', 're_', 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,60}'),
  issuer('cloudflare-key', 'v1.0-', 'v1\\.0-[0-9a-f]{24}-[0-9a-f]{100,200}'),
  issuer('hubspot-token', 'pat-', String.raw`pat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f-]{27}`),
  issuer('aws-session-token', 'IQoJb3JpZ2lu', 'IQoJb3JpZ2lu[A-Za-z0-9+/=]{20,4000}'),
  issuer('aws-session-token', 'FwoGZXIvYXdz', 'FwoGZXIvYXdz[A-Za-z0-9+/=]{20,4000}'),
  issuer('google-oauth-token', '1//0', String.raw`1\/\/0[\w-]{40,300}`),
  issuer('1password-token', 'ops_eyJ', String.raw`ops_eyJ[\w-]{40,4000}`),
  ...['v1.', 'v2.', 'v3.', 'v4.'].map((p) =>
    issuer('paseto', p, String.raw`v\d\.(?:local|public)\.[\w-]{20,4000}(?:\.[\w-]{1,1000})?`),
  ),
  issuer('fernet-token', 'gAAAAAB', String.raw`gAAAAAB[\w-]{50,4000}={0,2}`),
  issuer('macaroon', 'xvY2F0aW9u', String.raw`MDA\w{3}xvY2F0aW9u[\w+/-]{20,4000}={0,2}`),
  issuer('nkey-seed', 'S', 'S[ACNOUX][A-Z2-7]{56}(?![A-Za-z0-9])'),
  issuer('terraform-token', '.atlasv1.', String.raw`[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,100}`),
  issuer('age-key', 'AGE-SECRET-KEY-', 'AGE-SECRET-KEY-1[A-Z0-9]{40,80}'),
  issuer('private-key', 'LS0tLS1CRUdJTi', 'LS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}'),
];

const AT_START = new RegExp(
  START +
    '(?:' +
    issuers
      .map((i) => i.literal)
      .filter((l) => l.length > 1 && /^[A-Za-z0-9]/.test(l) && l !== 'sig=' && l !== 'pat')
      .map((l) => l.replaceAll('.', '\\.'))
      .join('|') +
    String.raw`|pat[A-Za-z0-9]{14}\.|S[ACNOUX][A-Z2-7]{56}|[MNO][A-Za-z\d]{22,27}\.[\w-]{6}\.` +
    ')',
);
const INSIDE = issuers
  .map((i) => i.literal)
  .filter(
    (l) =>
      (!/^[A-Za-z0-9]/.test(l) && l !== '.') ||
      l === 'sig=' ||
      l === 'Q~' ||
      l === 'xvY2F0aW9u' ||
      l === 'hooks.slack.com/',
  );

/** 1 for a character of tokens, 3 for one that tokens have and long words of prose have not. */
const IS_TOKEN = new Uint8Array(65_536);
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.~+/=-') IS_TOKEN[c.charCodeAt(0)] = 1;
for (const c of '0123456789_') IS_TOKEN[c.charCodeAt(0)] = 3;

const SHORTEST = 19;
/** Characters before a run that a pattern may look back at. */
const CONTEXT = 40;

/** Tokens stand in unbroken runs of at least nineteen characters with a digit or `_`; only such runs are looked at. */
export function issuedTokens(text: string): Hit[] {
  const hits: Hit[] = [];
  for (let start = 0; start + SHORTEST <= text.length; ) {
    // Read backwards: most runs are short, so the first look beyond the shortest token steps over several of them.
    let last = start + SHORTEST - 1;
    while (last >= start && IS_TOKEN[text.charCodeAt(last)] !== 0) last--;
    if (last >= start) {
      start = last + 1;
      continue;
    }
    let end = start;
    let seen = 0;
    while (end < text.length && IS_TOKEN[text.charCodeAt(end)] !== 0) seen |= IS_TOKEN[text.charCodeAt(end++)]!;
    if (seen === 3) {
      tokensIn(text, start, end, hits);
      if (end - start >= SHORTEST_DRAWN) drawnTokens(text, start, end, hits);
    }
    start = end + 1;
  }
  return inOrder(hits);
}

function tokensIn(text: string, start: number, end: number, hits: Hit[]): void {
  const from = Math.max(0, start - CONTEXT);
  const run = text.slice(from, end);
  if (!AT_START.test(run) && !INSIDE.some((literal) => run.includes(literal))) return;
  for (const { what, literal, pattern } of issuers) {
    if (!run.includes(literal)) continue;
    for (const match of run.matchAll(pattern))
      hits.push({ start: from + match.index, end: from + match.index + match[0].length, what });
  }
}
