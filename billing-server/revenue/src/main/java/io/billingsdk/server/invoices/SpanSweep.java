package io.billingsdk.server.invoices;

import io.billingsdk.server.jobs.Job;
import java.time.Duration;

/** Notes the spans of events that no subscriber received, such as those that are parked. */
final class SpanSweep implements Job {
  private static final Duration EVERY = Duration.ofHours(1);

  private final Spans spans;

  SpanSweep(Spans spans) {
    this.spans = spans;
  }

  @Override
  public String name() {
    return "invoice-spans";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    spans.noteAll();
  }
}
