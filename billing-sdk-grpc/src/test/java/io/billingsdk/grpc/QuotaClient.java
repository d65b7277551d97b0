package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One key with a quota of usage, counted in memory, and what became of the calls of it. */
final class QuotaClient extends ForwardingClient {
  static final String KEY = "limited";
  static final Instant RESET = Instant.parse("2026-12-01T00:00:00Z");

  private final TableClient table;
  private final BigDecimal limit;
  private BigDecimal taken = BigDecimal.ZERO;
  private BigDecimal settled = BigDecimal.ZERO;
  private int open;
  private int outside;

  QuotaClient(long limit) {
    this(new TableClient(), limit);
  }

  private QuotaClient(TableClient table, long limit) {
    super(table);
    this.table = table;
    this.limit = BigDecimal.valueOf(limit);
    table.decide(
        KEY, KeyDecision.Allowed.of(Caller.of(KEY, "k_1", "app-1"), entitlements(BigDecimal.ZERO)));
  }

  TableClient table() {
    return table;
  }

  synchronized int open() {
    return open;
  }

  synchronized BigDecimal taken() {
    return taken;
  }

  synchronized BigDecimal settled() {
    return settled;
  }

  /** Events that went past their admission. */
  synchronized int outside() {
    return outside;
  }

  @Override
  public synchronized ReportOutcome report(@Nullable UsageEvent event) {
    outside++;
    return table.report(event);
  }

  @Override
  public synchronized Admission admit(@Nullable String apiKey) {
    KeyDecision decision = check(apiKey);
    if (decision instanceof KeyDecision.Denied denied) {
      return Refused.because(denied);
    }
    open++;
    return new Counted(((KeyDecision.Allowed) decision).caller());
  }

  private Entitlements entitlements(BigDecimal used) {
    return Entitlements.UNLIMITED.withQuotas(
        List.of(Entitlements.Quota.of("usage", limit, used, RESET, /* overage= */ false)));
  }

  private final class Counted implements Admitted {
    private final Caller caller;
    private BigDecimal reserved = BigDecimal.ZERO;
    private BigDecimal used = BigDecimal.ZERO;
    private boolean ended;

    Counted(Caller caller) {
      this.caller = caller;
    }

    @Override
    public Caller caller() {
      return caller;
    }

    @Override
    public Entitlements entitlements() {
      return QuotaClient.this.entitlements(BigDecimal.ZERO);
    }

    @Override
    public Optional<Refused> reserve(UsageEvent estimate) {
      synchronized (QuotaClient.this) {
        BigDecimal more = requireNonNull(estimate.usage()).subtract(reserved);
        if (taken.add(more).compareTo(limit) > 0 || taken.compareTo(limit) >= 0) {
          return Optional.of(
              Refused.because(
                      KeyDecision.Denied.because(DenialReason.QUOTA_EXCEEDED)
                          .withRetryAfter(Duration.ofHours(1)))
                  .withQuota(quotas().get(0)));
        }
        taken = taken.add(more);
        reserved = reserved.add(more);
        return Optional.empty();
      }
    }

    @Override
    public ReportOutcome report(UsageEvent part) {
      synchronized (QuotaClient.this) {
        if (ended) {
          return ReportOutcome.Rejected.of(RejectionReason.INVALID, "admission", "ended");
        }
        ReportOutcome outcome = table.report(part);
        BigDecimal before = reserved.max(used);
        used = used.add(requireNonNull(part.usage()));
        settled = settled.add(requireNonNull(part.usage()));
        taken = taken.add(reserved.max(used).subtract(before));
        return outcome;
      }
    }

    @Override
    public ReportOutcome settle(UsageEvent event) {
      synchronized (QuotaClient.this) {
        ReportOutcome outcome = report(event);
        close();
        return outcome;
      }
    }

    @Override
    public ReportOutcome settle(BigDecimal usage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ReportOutcome.Accepted> settleDurably(UsageEvent event) {
      return CompletableFuture.completedFuture((ReportOutcome.Accepted) settle(event));
    }

    @Override
    public List<Entitlements.Quota> quotas() {
      synchronized (QuotaClient.this) {
        return QuotaClient.this.entitlements(taken).quotas();
      }
    }

    @Override
    public void close() {
      synchronized (QuotaClient.this) {
        if (!ended) {
          ended = true;
          open--;
          taken = taken.subtract(reserved.max(used).subtract(used));
        }
      }
    }
  }
}
