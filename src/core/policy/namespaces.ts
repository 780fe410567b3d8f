// Namespaces that the whole cluster lives on, and those Loopbreaker itself lives in. No wildcard reaches them: a rule
// must give the very name, and Loopbreaker's own are out of reach of every rule.

const SYSTEM = /^(kube|openshift|gke|gmp|aks|azure|amazon|eks)-|-system$/;

export function isProtected(namespace: string, more: readonly string[]): boolean {
  return SYSTEM.test(namespace) || more.includes(namespace);
}

/** "shop", "shop-*" or "*". */
export function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
