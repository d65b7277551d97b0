package io.billingsdk.server.costs;

import io.billingsdk.costs.Bucket;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of the ledger that waits for its cost, as the queue keeps it. Immutable. */
record QueuedEvent(
    AppendKind kind,
    int streamId,
    long seq,
    long atMillis,
    @Nullable String app,
    @Nullable String key,
    @Nullable String module,
    @Nullable String model,
    BigDecimal usage,
    @Nullable String metadata,
    @Nullable Map<String, BigDecimal> quantities,
    @Nullable String subject,
    @Nullable String session,
    @Nullable String execution) {

  /** The intake asks for each event, so these are made once. */
  private static final Set<String> PRICEABLE = priceable();

  /** Names in metadata, where one is enough; with the quotes that they have in JSON. */
  private static final List<String> SAYING =
      List.of("\"unit\"", "\"reported_cost\"", "\"usage_format\"");

  private static Set<String> priceable() {
    Set<String> names =
        new HashSet<>(
            Set.of(
                "cache_read_input_tokens",
                "cache_creation_input_tokens",
                "reasoning_output_tokens"));
    Arrays.stream(Bucket.values()).map(Bucket::key).forEach(names::add);
    return Set.copyOf(names);
  }

  static QueuedEvent of(AppendedEvent row) {
    return new QueuedEvent(
        row.kind(),
        row.id().streamId(),
        row.id().seq(),
        row.occurredAt().toEpochMilli(),
        row.app(),
        row.keyId(),
        row.module(),
        row.model(),
        row.usage(),
        row.metadata(),
        row.details().quantities(),
        row.details().subject(),
        row.details().session(),
        row.details().execution());
  }

  /**
   * Whether a row of the ledger has a cost: it says in which unit it was used, or what it cost. An
   * event of plain usage has none, since nobody says what its number counts.
   */
  static boolean bearsCost(AppendedEvent row) {
    if (row.kind() == AppendKind.CORRECTION) {
      // It changes the usage, and none of what a provider or the quantities say.
      return says(row.metadata(), SAYING.get(0)) && !says(row.metadata(), SAYING.get(2));
    }
    // Loops: the intake asks for each event.
    for (String name : row.details().quantities().keySet()) {
      if (isPriceable(name)) {
        return true;
      }
    }
    return row.metadata() != null && SAYING.stream().anyMatch(name -> says(row.metadata(), name));
  }

  static boolean isPriceable(String quantity) {
    return PRICEABLE.contains(quantity);
  }

  private static boolean says(@Nullable String metadata, String quoted) {
    return metadata != null && metadata.contains(quoted);
  }

  Instant at() {
    return Instant.ofEpochMilli(atMillis);
  }
}
