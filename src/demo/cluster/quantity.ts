// Kubernetes quantities (`96Mi`, `250m`, `1e3`) as numbers, for comparing limits.

const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}; // prettier-ignore

/** Bytes, cores or a plain count; undefined when the text is no quantity. */
export function quantity(text: string | undefined): number | undefined {
  const [, digits, suffix = ''] =
    /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(n|u|m|k|Ki|[MGTPE]i?)?$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * (suffixes[suffix] ?? 1);
}
