package io.billingsdk.testkit;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.Caller;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call that a {@link TestBilling} has let in. Thread-safe. */
final class TestAdmission implements Admitted {
  private final TestBilling billing;
  private final QuotaBook book;
  private final String apiKey;
  private final KeyDecision.Allowed allowed;
  private final Map<String, BigDecimal> reserved;
  private final Map<String, BigDecimal> used = new TreeMap<>();
  private @Nullable UsageEvent estimate;
  private boolean ended;

  TestAdmission(
      TestBilling billing,
      QuotaBook book,
      String apiKey,
      KeyDecision.Allowed allowed,
      @Nullable UsageEvent estimate,
      Map<String, BigDecimal> reserved) {
    this.billing = billing;
    this.book = book;
    this.apiKey = apiKey;
    this.allowed = allowed;
    this.estimate = estimate;
    this.reserved = reserved;
  }

  @Override
  public Caller caller() {
    return allowed.caller();
  }

  @Override
  public Entitlements entitlements() {
    return allowed.entitlements().withQuotas(book.quotas(apiKey));
  }

  @Override
  public synchronized Optional<Refused> reserve(UsageEvent event) {
    if (billing.check(apiKey, event.model()) instanceof KeyDecision.Denied denied) {
      return Optional.of(CoreTypes.refused(denied, null));
    }
    Refused refused = book.reserve(apiKey, event, reserved);
    estimate = refused == null ? event : estimate;
    return Optional.ofNullable(refused);
  }

  @Override
  public synchronized ReportOutcome report(UsageEvent part) {
    return ended ? QuotaBook.ended() : offer(part);
  }

  @Override
  public synchronized ReportOutcome settle(UsageEvent event) {
    if (ended) {
      return QuotaBook.ended();
    }
    ReportOutcome outcome = offer(event);
    if (outcome.accepted()) {
      end();
    }
    return outcome;
  }

  @Override
  public synchronized ReportOutcome settle(BigDecimal usage) {
    UsageEvent like = estimate;
    return settle(
        (like == null ? UsageEvent.builder(caller(), null, null) : like.toBuilder())
            .usage(usage)
            .build());
  }

  /** {@inheritDoc} The future is completed when this returns. */
  @Override
  public CompletableFuture<Accepted> settleDurably(UsageEvent event) {
    ReportOutcome outcome = settle(event);
    return outcome instanceof ReportOutcome.Rejected rejected
        ? CompletableFuture.failedFuture(CoreTypes.notAccepted(rejected))
        : CompletableFuture.completedFuture((Accepted) outcome);
  }

  @Override
  public List<Entitlements.Quota> quotas() {
    return book.quotas(apiKey);
  }

  @Override
  public synchronized void close() {
    if (!ended) {
      end();
    }
  }

  private ReportOutcome offer(UsageEvent event) {
    ReportOutcome outcome = billing.report(event);
    if (outcome.accepted()) {
      book.used(apiKey, event).forEach((meter, n) -> used.merge(meter, n, BigDecimal::add));
      Map<String, BigDecimal> held = new TreeMap<>(reserved);
      used.forEach((meter, amount) -> held.merge(meter, amount, BigDecimal::max));
      book.become(apiKey, reserved, held);
    }
    return outcome;
  }

  private void end() {
    ended = true;
    book.become(apiKey, reserved, used);
  }
}
