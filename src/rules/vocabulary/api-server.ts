// How a line shows that it speaks of the Kubernetes API, not of some other dependency.

import type { LogLine } from '../../core/log.ts';

const API_SERVER =
  /\bkubernetes(?:\.default(?:\.svc(?:\.[\w.-]+)?)?)?:(?:6)?443\b|\/\/kubernetes(?:\.default[\w.]*)?(?::\d+)?\/|https?:\/\/[\d.:[\]a-f]+(?::\d+)?\/(?:api\/v1|apis\/|version\b|healthz|readyz|openid\/v1)|Unable to connect to the server|KUBERNETES_SERVICE_HOST|to contact (?:the )?(?:Kubernetes )?api ?server|kube-?apiserver|Kubernetes API|k8s api|\b(?:10|172|192)\.\d+\.\d+\.1:(?:6)?443\b/i;

export function speaksOfApiServer(line: LogLine): boolean {
  return API_SERVER.test(line.text);
}
