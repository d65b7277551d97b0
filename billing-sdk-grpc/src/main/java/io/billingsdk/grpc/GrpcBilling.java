package io.billingsdk.grpc;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports usage for the caller of the present call. */
public final class GrpcBilling {
  private GrpcBilling() {}

  /** As {@link #reportUsage(String, String, double, Map)} without metadata. */
  public static ReportOutcome reportUsage(
      @Nullable String module, @Nullable String model, double usage) {
    return reportUsage(module, model, usage, null);
  }

  /**
   * Reports that the present call used something now. Does not wait, and does not throw.
   *
   * <p>It refuses no model: usage that happened is charged, also where the key of the caller may
   * not be used for the model. A {@link MeteringInterceptor} refuses such calls before they use
   * anything.
   *
   * @param module what kind of service, for example {@code llm}
   * @param model which one, for example {@code gpt-4}
   * @param usage how much, in the unit of the module
   * @param metadata more about it; see {@link UsageEvent} for the bounds
   * @return rejected, with the field {@code caller}, when there is no caller: see {@link
   *     BillingContext}
   */
  public static ReportOutcome reportUsage(
      @Nullable String module,
      @Nullable String model,
      double usage,
      @Nullable Map<String, ?> metadata) {
    BillingSession session = BillingContext.session();
    if (session == null) {
      return new ReportOutcome.Rejected(
          RejectionReason.INVALID,
          "caller",
          "caller must be in the gRPC context: is the call exempt, or on a thread without it?");
    }
    UsageEvent event = UsageEvent.by(session.caller(), module, model, usage);
    return session.client().report(event.withMetadata(metadata));
  }
}
