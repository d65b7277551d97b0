package io.billingsdk.examples.snippets;

import io.billingsdk.BillingClient;
import io.billingsdk.GenAiUsage;
import io.billingsdk.Quantities;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;

/** Several things that one answer took. */
final class Measuring {
  private Measuring() {}

  static ReportOutcome answer(BillingClient client, String apiKey, String body) {
    // region quantities
    GenAiUsage tokens = GenAiUsage.fromOpenAiChat(body);
    UsageEvent event =
        UsageEvent.of(apiKey, "llm", "gpt-4", tokens.totalTokens())
            .withQuantities(tokens.quantities())
            .quantity(Quantities.DURATION_MS, 840)
            .withSubject("user-7");
    ReportOutcome outcome = client.report(event);
    // endregion
    return outcome;
  }
}
