/** OpenTelemetry's API: finds what Deno, or the program, has registered. */
export {
  type Attributes,
  type Context,
  context,
  createContextKey,
  metrics,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "npm:@opentelemetry/api@1.9.0";
