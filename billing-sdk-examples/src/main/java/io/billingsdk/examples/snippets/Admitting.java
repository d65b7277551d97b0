package io.billingsdk.examples.snippets;

import io.billingsdk.Admission;
import io.billingsdk.BillingClient;
import io.billingsdk.UsageEvent;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.UsageExtractor;
import io.grpc.MethodDescriptor;
import java.util.function.LongSupplier;

/** Quotas of calls. */
final class Admitting {
  private final BillingClient client;
  private final LongSupplier work;

  Admitting(BillingClient client, LongSupplier work) {
    this.client = client;
    this.work = work;
  }

  String call(String apiKey) {
    // region admit
    Admission answer = client.admit(UsageEvent.of(apiKey, "llm", "gpt-4", 500));
    if (answer instanceof Admission.Refused refused) {
      return refused.reason() + ", again after " + refused.retryAfter();
    }
    try (Admission.Admitted call = (Admission.Admitted) answer) {
      long tokens = run();
      call.settle(UsageEvent.of(apiKey, "llm", "gpt-4", tokens));
      return "used " + tokens;
    }
    // endregion
  }

  static MeteringInterceptor metering(MethodDescriptor<String, String> method) {
    // region estimate
    MeteringInterceptor metering =
        MeteringInterceptor.builder()
            .method(
                method,
                Metering.<String, String>of("llm", "gpt-4", UsageExtractor.countResponses())
                    .estimateFrom(request -> request.length()))
            .build();
    // endregion
    return metering;
  }

  private long run() {
    return work.getAsLong();
  }
}
