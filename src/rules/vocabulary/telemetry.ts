// What most programs can do without: trouble there is seldom why they end.
export const TELEMETRY =
  /statsd|metrics|telemetry|\botel|otlp|opentelemetry|jaeger|zipkin|tracing|sentry|\bapm\b|newrelic|datadog|skywalking|dynatrace|pyroscope|pushgateway|fluentd?\b|logstash|:(?:4317|4318|8125|8126|9411|11800|14268|6831|24224)\b/i;
