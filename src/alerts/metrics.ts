// Counters and gauges in Prometheus' text format. Invariant: names and labels are ours, values of labels are few: what
// would make more than 200 series of one metric is counted under "other".

export type Labels = { [name: string]: string };

export interface Counter {
  add(labels?: Labels, by?: number): void;
}

/** One value, or one by each set of labels. */
export type Reading = number | [Labels, number][];

/** And one more for "other". */
const MOST_SERIES = 200;

interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  read(): Reading | Promise<Reading>;
}

export function createMetrics() {
  const metrics: Metric[] = [];

  function counter(name: string, help: string): Counter {
    const series = new Map<string, [Labels, number]>();
    metrics.push({ name, help, type: 'counter', read: () => [...series.values()] });
    return {
      add: (labels = {}, by = 1) => {
        const full = series.size >= MOST_SERIES && !series.has(labelsText(labels));
        const kept = full ? Object.fromEntries(Object.keys(labels).map((key) => [key, 'other'])) : labels;
        const key = labelsText(kept);
        series.set(key, [kept, (series.get(key)?.[1] ?? 0) + by]);
      },
    };
  }

  /** Read at each scrape; one that cannot be read is left out of it. */
  function observed(type: Metric['type'], name: string, help: string, read: Metric['read']): void {
    metrics.push({ name, help, type, read });
  }

  async function text(): Promise<string> {
    const lines = await Promise.all(metrics.map(linesOf));
    return `${lines.flat().join('\n')}\n`;
  }

  return { counter, observed, text };
}

async function linesOf({ name, help, type, read }: Metric): Promise<string[]> {
  let reading: Reading;
  try {
    reading = await read();
  } catch {
    return [];
  }
  const series: [Labels, number][] = typeof reading === 'number' ? [[{}, reading]] : reading.slice(0, MOST_SERIES + 1);
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...series.map(([labels, value]) => `${name}${labelsText(labels)} ${value}`),
  ];
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value
    .slice(0, 100)
    .replace(/[\\"]/g, (found) => `\\${found}`)
    .replace(/\n/g, '\\n');
