package io.billingsdk.grpc;

import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import io.grpc.Status;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one call has used, and what of that is settled. Requests, responses, the timer and the end
 * come on different threads: all goes through one lock, which is never held while an event is
 * reported.
 */
final class CallAccount<Q, R> {
  private static final String NOT_REPORTED = "the usage of a call could not be reported";
  private static final double NANOS = 1e9;

  private final String method;
  private final Metering<Q, R> metering;
  private final BillingSession session;
  private final MeteringRules rules;
  private final FaultLog faults;
  private final LongSupplier nanoTime;
  private final long startNanos;

  /** Of the thread that begins the call: it may end on one that works for somebody else. */
  private final UsageContext usedBy = BillingContext.usage();

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private @Nullable CallMeter<? super Q, ? super R> meter;
  private String model;
  private Map<String, ?> ofRequest = Map.of();
  private long requests;
  private long responses;
  private double measured;
  private double settled;
  private final CallQuantities quantities = new CallQuantities();
  private int unsettledMessages;
  private int part;
  private boolean ended;

  CallAccount(
      String method,
      Metering<Q, R> metering,
      BillingSession session,
      MeteringRules rules,
      FaultLog faults,
      LongSupplier nanoTime) {
    this.method = method;
    this.metering = metering;
    this.session = session;
    this.rules = rules;
    this.faults = faults;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.model = metering.model();
    guard(() -> meter = metering.open());
  }

  /** A request of a method whose requests name no model. */
  void request(Q request) {
    request(request, null);
  }

  /** A request, and the check that has read its model. */
  void request(Q request, @Nullable ModelCheck<Q> models) {
    message(
        () -> {
          requests++;
          if (requests == 1) {
            if (models != null) {
              guard(() -> model = models.model());
            }
            guard(() -> ofRequest = metering.metadataOf(request));
          }
          CallMeter<? super Q, ? super R> current = meter;
          if (current != null) {
            guard(() -> current.request(request));
          }
        });
  }

  void response(R response) {
    message(
        () -> {
          responses++;
          CallMeter<? super Q, ? super R> current = meter;
          if (current != null) {
            guard(() -> current.response(response));
          }
        });
  }

  /** The interval is over. */
  void settleByTime() {
    settle(() -> interim());
  }

  /** The handler has ended the call. */
  void endByHandler(Status.Code status) {
    settle(() -> end(status, /* byHandler= */ true));
  }

  /** The same; completes when the event is on disk, at once when there is none to store. */
  CompletableFuture<?> endByHandlerDurably(Status.Code status) {
    try {
      MeteredCharge last = locked(() -> end(status, /* byHandler= */ true));
      return last == null ? CompletableFuture.completedFuture(null) : last.reportDurably(session);
    } catch (Throwable failed) {
      faults.counting(NOT_REPORTED, failed);
      return CompletableFuture.failedFuture(failed);
    }
  }

  /** The call was ended, and not by its handler. */
  void endFromOutside(Status.Code status) {
    settle(() -> end(status, /* byHandler= */ false));
  }

  /** The call was refused before its handler saw a request: it makes no event. */
  void discard() {
    settle(
        () -> {
          ended = true;
          return null;
        });
  }

  private void message(Runnable counting) {
    settle(
        () -> {
          if (ended) {
            return null;
          }
          counting.run();
          unsettledMessages++;
          return unsettledMessages >= rules.settleEveryMessages() ? interim() : null;
        });
  }

  private @Nullable MeteredCharge interim() {
    // Before its first request it is not known what a call is charged as, nor whether it is.
    if (ended || (requests == 0 && metering.namesModels())) {
      return null;
    }
    unsettledMessages = 0;
    double usage = measure() - settled;
    return usage > 0 ? event(usage, quantities.settle(), "OPEN", /* last= */ false) : null;
  }

  private @Nullable MeteredCharge end(Status.Code status, boolean byHandler) {
    if (ended) {
      return null;
    }
    ended = true;
    double charge = rules.charge(status, byHandler, measure());
    // Interim events are not taken back.
    Map<String, BigDecimal> rest = rules.bills(status, byHandler) ? quantities.settle() : Map.of();
    return event(Math.max(0, charge - settled), rest, status.name(), /* last= */ true);
  }

  private double measure() {
    CallMeter<? super Q, ? super R> current = meter;
    if (current != null) {
      guard(
          () -> {
            double elapsedSeconds = elapsedNanos() / NANOS;
            double usage = current.usage(elapsedSeconds);
            if (!(usage >= 0) || Double.isInfinite(usage)) {
              throw new IllegalStateException("usage must be finite and not negative: " + usage);
            }
            // Both or none: they are parts of one measure.
            quantities.measure(current.quantities(elapsedSeconds));
            measured = usage;
          });
    }
    return measured;
  }

  private MeteredCharge event(
      double usage, Map<String, BigDecimal> parts, String status, boolean last) {
    settled += usage;
    part++;
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("method", method);
    metadata.put("status", status);
    metadata.put("settlement", last ? "final" : "interim");
    metadata.put("requests", requests);
    metadata.put("responses", responses);
    metadata.put("duration_ms", elapsedNanos() / 1_000_000);
    if (part > 1 || !last) {
      metadata.put("part", part);
    }
    if (meter == null) {
      metadata.put("measured", false);
    }
    UsageEvent plain =
        UsageEvent.by(session.caller(), metering.module(), metering.model(), usage)
            .withQuantities(parts)
            .withMetadata(metadata)
            .inContext(usedBy);
    Map<String, Object> all = new HashMap<>(ofRequest);
    CallMeter<? super Q, ? super R> current = meter;
    if (current != null) {
      guard(() -> all.putAll(current.metadata()));
    }
    all.putAll(metadata);
    UsageEvent event =
        UsageEvent.by(session.caller(), metering.module(), model, usage)
            .withQuantities(parts)
            .withMetadata(all)
            .inContext(usedBy);
    return new MeteredCharge(event, plain, last);
  }

  private long elapsedNanos() {
    return nanoTime.getAsLong() - startNanos;
  }

  /** Runs code of the application; when it throws, the meter is given up and the call goes on. */
  private void guard(Applications applications) {
    try {
      applications.run();
    } catch (Throwable failed) {
      meter = null;
      faults.counting("the metering of " + method + " failed, and is given up for a call", failed);
    }
  }

  private @Nullable MeteredCharge locked(Source source) {
    lock.lock();
    try {
      return source.next();
    } finally {
      lock.unlock();
    }
  }

  /** Reports what comes of it. Whatever fails, the call goes on; the log tells what it cost. */
  private void settle(Source source) {
    try {
      MeteredCharge meteredCharge = locked(source);
      if (meteredCharge != null) {
        meteredCharge.report(session);
      }
    } catch (Throwable failed) {
      faults.counting(NOT_REPORTED, failed);
    }
  }

  private interface Applications {
    void run() throws Throwable;
  }

  private interface Source {
    @Nullable MeteredCharge next();
  }
}
