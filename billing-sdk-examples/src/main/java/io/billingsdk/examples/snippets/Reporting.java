package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.ReportOutcome;
import io.billingsdk.grpc.BillingContext;
import java.util.Map;

/** Reporting usage, and what comes back. */
final class Reporting {
  private Reporting() {}

  static ReportOutcome byKey(String apiKey) {
    // region report
    ReportOutcome outcome =
        Billing.reportUsage(
            apiKey,
            "llm",
            "gpt-4",
            150,
            Map.of("prompt_tokens", 100, "completion_tokens", 50, "status", "success"));
    // endregion
    return outcome;
  }

  static String describe(ReportOutcome outcome) {
    // region outcome
    if (outcome instanceof ReportOutcome.Accepted accepted) {
      return "will be delivered as " + accepted.stream() + "/" + accepted.seq();
    }
    ReportOutcome.Rejected rejected = outcome.rejection().orElseThrow();
    return rejected.reason() + " " + rejected.field() + ": " + rejected.message();
    // endregion
  }

  static ReportOutcome byCaller() {
    // region caller
    BillingContext.caller().ifPresent(caller -> System.out.println(caller.appId() + " calls"));
    ReportOutcome outcome =
        BillingContext.reportUsage(
            "llm", "gpt-4", 1, Map.of("status", "error", "error", "timeout"));
    // endregion
    return outcome;
  }
}
