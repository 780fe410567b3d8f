// The two settings with a small grammar of their own: which clusters there are, and who may read what from where.

import { z } from 'zod';

export interface ClusterSetting {
  /** Name that Slack users type; never a raw kubeconfig context. */
  alias: string;
  /** Kubeconfig context; undefined means the service account of the pod we run in. */
  context: string | undefined;
}

export interface ReadRule {
  /** Slack channel id. */
  channel: string;
  /** Slack user id, or "" for everybody in the channel. */
  user: string;
  cluster: string;
  /** Namespace, or "*". */
  namespace: string;
}

const ALIAS = /^[a-z0-9][a-z0-9-]{0,62}$/;
const NAMESPACE = /^(?:\*|[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

/** `prod-eu=in-cluster, staging=context:kind-staging` */
export const clustersSetting = z.string().transform((text, context): ClusterSetting[] =>
  split(text, ',').map((entry) => {
    const [alias = '', where = ''] = entry.split(/=(.*)/s);
    if (!ALIAS.test(alias))
      context.addIssue({
        code: 'custom',
        message: `"${entry}" needs an alias of lower-case letters, digits and dashes before "="`,
      });
    if (where === 'in-cluster') return { alias, context: undefined };
    if (where.startsWith('context:') && where.length > 8) return { alias, context: where.slice(8) };
    context.addIssue({ code: 'custom', message: `"${entry}" must say ALIAS=in-cluster or ALIAS=context:NAME` });
    return { alias, context: undefined };
  }),
);

/** `gke_shop_europe-west1=prod-eu, eu-2=prod-eu`: what alerts call a cluster, and its alias. */
export const clusterNamesSetting = (aliases: readonly string[]) =>
  z.string().transform((text, context): { [name: string]: string } =>
    Object.fromEntries(
      split(text, ',').map((entry) => {
        const cut = entry.lastIndexOf('=');
        const [name, alias] = [entry.slice(0, Math.max(0, cut)).trim(), entry.slice(cut + 1).trim()];
        if (name === '' || !aliases.includes(alias))
          context.addIssue({
            code: 'custom',
            message: `"${entry}" must say NAME=ALIAS with an alias of LOOPBREAKER_CLUSTERS`,
          });
        return [name, alias];
      }),
    ),
  );

/** `C024BE91L=prod-eu/shop,prod-eu/cart; C0DEADBEE@U012AB3CD=staging/*` */
export const readSetting = z.string().transform((text, context): ReadRule[] =>
  split(text, ';').flatMap((entry) => {
    const [who = '', what = ''] = entry.split('=');
    const [channel = '', user = ''] = who.trim().split('@');
    if (
      !/^[CGD][A-Z0-9]{2,}$/.test(channel) ||
      (user !== '' && !/^[UW][A-Z0-9]{2,}$/.test(user)) ||
      what.trim() === ''
    ) {
      context.addIssue({
        code: 'custom',
        message: `"${entry}" must say CHANNEL=CLUSTER/NAMESPACE or CHANNEL@USER=CLUSTER/NAMESPACE, with Slack ids`,
      });
      return [];
    }
    return split(what, ',').map((place) => {
      const [cluster = '', namespace = ''] = place.split('/');
      if (!(ALIAS.test(cluster) && NAMESPACE.test(namespace)))
        context.addIssue({
          code: 'custom',
          message: `"${place}" must say CLUSTER/NAMESPACE, or CLUSTER/* for every namespace`,
        });
      return { channel, user, cluster, namespace };
    });
  }),
);

function split(text: string, by: string): string[] {
  return text
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean);
}
