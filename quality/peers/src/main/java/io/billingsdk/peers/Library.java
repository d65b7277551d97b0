package io.billingsdk.peers;

/** A library in the comparison. */
enum Library {
  BILLING("billing-sdk", 2_000, "okhttp"),
  SEGMENT("segment", 1_000, "okhttp-jvm"),
  POSTHOG("posthog", 500, "okhttp-jvm"),
  OPENTELEMETRY("opentelemetry", 1_500, "okhttp-4"),
  SENTRY_LOGS("sentry-logs", 900, "okhttp"),
  SENTRY_EVENTS("sentry-events", 20, "okhttp"),
  /** For tests of the harness. */
  PLAIN("plain", 1, "okhttp");

  private final String printed;
  private final int window;
  private final String foreignJars;

  Library(String printed, int window, String foreignJars) {
    this.printed = printed;
    this.window = window;
    this.foreignJars = foreignJars;
  }

  /** Its name in a line. */
  String printed() {
    return printed;
  }

  /** As many events may be under way as it certainly holds: below the bound of its queue. */
  int window() {
    return window;
  }

  /** Connected to a sink, or trying to be. */
  Reporter open(Target target) {
    return switch (this) {
      case BILLING -> new BillingReporter(target);
      case SEGMENT -> new SegmentReporter(target);
      case POSTHOG -> new PostHogReporter(target);
      case OPENTELEMETRY -> new OpenTelemetryReporter(target);
      case SENTRY_LOGS -> new SentryReporter(target, /* logs= */ true);
      case SENTRY_EVENTS -> new SentryReporter(target, /* logs= */ false);
      case PLAIN -> new PlainReporter(target);
    };
  }

  /**
   * Jars whose names begin so are not on its class path: OpenTelemetry and the others want two
   * releases of one library, which have other names and the same classes.
   */
  String foreignJars() {
    return foreignJars;
  }
}
