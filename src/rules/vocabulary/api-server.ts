// How a line shows that it speaks of the Kubernetes API, not of some other dependency.

import type { LogLine } from '../../core/log.ts';

const NAMES =
  /\bkubernetes\.default\.svc\b|\bkubernetes(?:\.default(?:\.svc(?:\.[\w.-]{1,100})?)?)?:(?:6)?443\b|\/\/kubernetes(?:\.default[\w.]{0,100})?(?::\d+)?\/|Unable to connect to the server|KUBERNETES_SERVICE_HOST|to contact (?:the )?(?:Kubernetes )?api ?server|kube-?apiserver|Kubernetes API|k8s api/i;
/** The first address of a Service range on 443, or any host on the usual port of an API server. */
const ADDRESS =
  /\b(?:10|172|192)\.\d+\.\d+\.1:(?:6)?443\b|\bhost='(?:10|172|192)\.\d+\.\d+\.1', port=443\b|https:\/\/[\w.-]{1,253}:6443\//;
/** Paths that only this API serves; /api/v1 alone is everybody's. */
const PATHS =
  /https?:\/\/[\d.:[\]a-f]+(?::\d+)?\/(?:api\/v1|apis\/|version\b|healthz|readyz|openid\/v1)|\/api\/v1\/(?:namespaces|nodes|pods|services|endpoints|configmaps|secrets|persistentvolume\w*)\b|\/apis\/[\w.-]+\/v\d/i;

export function speaksOfApiServer(line: LogLine): boolean {
  return NAMES.test(line.text) || ADDRESS.test(line.text) || PATHS.test(line.text);
}
