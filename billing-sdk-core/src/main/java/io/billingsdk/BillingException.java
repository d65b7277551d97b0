package io.billingsdk;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this library: a request that can never work, such as a second client in one
 * process or a CA file that cannot be read. Its message is free of secrets.
 *
 * <p>It is thrown while starting, never while reporting or checking; a future of {@link
 * BillingClient#reportDurably} may end with it.
 */
public final class BillingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ReportOutcome.@Nullable Rejected rejection;

  /** With a message for people. */
  public BillingException(String message) {
    super(message);
    this.rejection = null;
  }

  /** With a message for people, and its cause. */
  public BillingException(String message, Throwable cause) {
    super(message, cause);
    this.rejection = null;
  }

  /** For an event that was not accepted. */
  public BillingException(ReportOutcome.Rejected rejection) {
    super(rejection.reason() + ": " + rejection.message());
    this.rejection = rejection;
  }

  /** Why an event was not accepted; empty when it has another cause. */
  public Optional<ReportOutcome.Rejected> rejection() {
    return Optional.ofNullable(rejection);
  }
}
