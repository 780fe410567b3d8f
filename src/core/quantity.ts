// Kubernetes quantities: "256Mi", "100m", "1e3", "1.5Gi". Numbers in bytes or cores; the user's unit is kept for output.

const FACTORS: { [suffix: string]: number } = {
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
};

const QUANTITY =
  /^([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** The number a quantity stands for, or undefined when it is none. */
export function parseQuantity(quantity: string): number | undefined {
  const match = QUANTITY.exec(quantity.trim());
  if (!match) return undefined;
  return Number(match[1]) * (FACTORS[match[2] ?? ''] ?? 1);
}

/** Bytes in the unit of `like` ("256Mi" → Mi), rounded up to a whole number of it. */
export function formatBytesLike(bytes: number, like: string): string {
  const unit = QUANTITY.exec(like.trim())?.[2] ?? '';
  const binary = unit === '' || unit === 'm' ? 'Mi' : unit;
  return `${Math.ceil(bytes / (FACTORS[binary] ?? 1))}${binary}`;
}
