// How the API server writes a quantity back, whoever wrote it how: 0.5 as 500m, 1024Mi as 1Gi, 2000000 as 2M.
// Source of fact: k8s.io/apimachinery/pkg/api/resource (Quantity.CanonicalizeBytes); amounts of resources are whole thousandths.

const FORM = /^([+-]?)(\d{0,20})(?:\.(\d{0,20}))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** The canonical text; what is no quantity, or has an exponent, stays as it is. */
export function canonicalQuantity(given: string | number): string {
  const [, sign = '', whole = '', part = '', suffix = ''] = FORM.exec(String(given).trim()) ?? [];
  if (whole + part === '') return String(given);
  const binary = suffix.endsWith('i');
  const power = binary ? 0 : DECIMAL.indexOf(suffix) * 3 - 9;
  const factor = binary ? 1024n ** BigInt(BINARY.indexOf(suffix)) : 10n ** BigInt(Math.max(0, power));
  const divisor = 10n ** BigInt(part.length + Math.max(0, -power));
  const thousandths = (BigInt(whole + part) * 1000n * factor + divisor - 1n) / divisor;
  if (thousandths === 0n) return '0';
  const large = binary && thousandths >= 1_024_000n;
  const text = large
    ? inSteps((thousandths + 999n) / 1000n, 1024n, BINARY)
    : inSteps(thousandths, 1000n, DECIMAL.slice(DECIMAL.indexOf('m')));
  return sign === '-' ? `-${text}` : text;
}

/** The largest unit that leaves a whole number. */
function inSteps(amount: bigint, step: bigint, units: string[]): string {
  let left = amount;
  let at = 0;
  while (left % step === 0n && at < units.length - 1) {
    left /= step;
    at++;
  }
  return `${left}${units[at]}`;
}
