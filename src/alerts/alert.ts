// What every format reads alerts into, and from there to signals. Foreign text is bounded and validated here once: a
// label that is too long is cut, a name that Kubernetes does not allow is declined in words.

import { createHash } from 'node:crypto';
import { redactText } from '../core/redact.ts';
import type { Sender } from '../core/sender.ts';
import type { Signal } from '../core/signal.ts';
import { boundedLabels, clusterIn, subjectIn } from './labels.ts';

/** One alert as its sender tells it. */
export interface Alert {
  status: 'firing' | 'resolved';
  title: string;
  severity: string;
  labels: { [name: string]: string };
  /** Whatever stays the same while the trouble lasts; "" when the sender has no such thing. */
  id: string;
  /** When it began, as the sender writes it. */
  at: string;
}

/** `notes` are sentences for the log: what the payload says that is no alert. */
export interface Reading {
  alerts: Alert[];
  notes: string[];
}

export interface ReadSignals {
  signals: Signal[];
  /** Alerts that name nothing that can be diagnosed, in words. */
  declined: string[];
  notes: string[];
}

export const MOST_ALERTS = 1_000;

export function signalsFrom({ alerts, notes }: Reading, sender: Sender, now: string): ReadSignals {
  const read: ReadSignals = { signals: [], declined: [], notes };
  for (const alert of alerts) {
    const signal = signalFrom(alert, sender, now);
    if (typeof signal === 'string') read.declined.push(signal);
    else read.signals.push(signal);
  }
  return read;
}

/** A sentence when the alert is about nothing that can be diagnosed. */
function signalFrom(alert: Alert, sender: Sender, now: string): Signal | string {
  const title = shortly(alert.title, 100) || 'an alert';
  const labels = boundedLabels(alert.labels);
  const subject = subjectIn(labels);
  if (typeof subject === 'string') return `${title} ${subject}`;
  const cluster = sender.cluster || clusterIn(labels);
  const began = instant(alert.at);
  const id = alert.id || canonical(labels);
  // Two clusters may send the same labels, so the cluster is part of what makes a trouble the same.
  const digest = createHash('sha256').update(`${cluster}\n${title}\n${id}`).digest('base64url').slice(0, 22);
  return {
    // Where its sender knows no time, what it says again is the same until it is over.
    deliveryId: `alert-${digest}-${began ?? ''}`,
    source: sender.name,
    status: alert.status,
    cluster,
    ...subject,
    owner: null,
    title,
    severity: shortly(alert.severity, 40).toLowerCase(),
    labels,
    at: began ?? now,
  };
}

const shortly = (text: string, most: number): string => redactText(text.slice(0, 4_000)).text.slice(0, most);

const canonical = (labels: { [name: string]: string }): string => JSON.stringify(Object.entries(labels).sort());

/** RFC 3339, or seconds or milliseconds since 1970 -> RFC 3339; undefined when it is no time. */
function instant(text: string): string | undefined {
  const number = /^\d{9,13}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const ms = Number.isNaN(number) ? Date.parse(text) : number < 1e11 ? number * 1_000 : number;
  // Alertmanager writes the year 1 where it knows no time.
  return ms > 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : undefined;
}
