package io.billingsdk.server.costs;

import io.billingsdk.costs.Bucket;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.CostState;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cost of an event, or of the correction of one. Immutable.
 *
 * @param id of the event in the ledger
 * @param at when it was used
 * @param revision 1, and one more with each change
 * @param owner whose it is
 * @param what was done
 * @param cost how much it cost
 * @param use how much was used
 * @param metadata of the event as JSON
 */
public record CostRow(
    EventId id,
    Instant at,
    int revision,
    CostOwner owner,
    CostWhat what,
    CostAmount cost,
    CostUse use,
    @Nullable String metadata) {

  /**
   * Whose it is.
   *
   * @param app null when the key is not known
   * @param key null when the key is not known
   * @param subject an end user of the app
   */
  public record CostOwner(
      @Nullable String app,
      @Nullable String key,
      @Nullable String subject,
      @Nullable String session,
      @Nullable String execution) {}

  /**
   * The service, the model and the operation.
   *
   * @param service the module of the event
   * @param model the name by which the price is looked up first
   * @param operation as the caller names it; otherwise the model
   * @param isPrompt whether it is a call of a prompt with a category and a name
   * @param hints which of several prices is meant
   */
  public record CostWhat(
      String service, String model, String operation, boolean isPrompt, PriceHints hints) {}

  /**
   * Which of several prices is meant.
   *
   * @param provider null where the event does not name it
   * @param serviceTier {@code standard} where the event does not name it
   * @param region null where the event does not name it
   */
  public record PriceHints(
      @Nullable String provider, String serviceTier, @Nullable String region) {}

  /**
   * How much it cost.
   *
   * @param reason of an unknown cost: names what has no price
   * @param amount null of an unknown cost, and only of that; below 0 of a correction
   * @param currency null where no price was found
   * @param reported what the caller said that it cost
   * @param reportedCurrency null where the caller said nothing
   * @param pins what the amount was made of
   */
  public record CostAmount(
      CostState state,
      @Nullable String reason,
      @Nullable BigDecimal amount,
      @Nullable String currency,
      @Nullable BigDecimal reported,
      @Nullable String reportedCurrency,
      CostPins pins) {}

  /**
   * What an amount was made of.
   *
   * @param priceId the price row; null where none was found
   * @param catalogue the version of the price list
   * @param adapter name and version of the reader of the usage
   */
  public record CostPins(@Nullable String priceId, String catalogue, String adapter) {}

  /**
   * How much was used.
   *
   * @param quantity as the caller says it; below 0 of a correction
   * @param unit of the quantity
   * @param durationMillis null where the event does not say it
   * @param usage by bucket, without a sign; of a quantity in a unit, the bucket that had the price
   */
  public record CostUse(
      BigDecimal quantity, String unit, @Nullable Long durationMillis, CanonicalUsage usage) {

    /** Tokens of the prompt, those of caches included. */
    public BigDecimal inputTokens() {
      return usage.promptTokens();
    }

    /** Tokens that a cache had. */
    public BigDecimal cachedTokens() {
      BigDecimal sum = BigDecimal.ZERO;
      for (Map.Entry<Bucket, BigDecimal> each : usage.quantities().entrySet()) {
        sum = each.getKey().key().startsWith("cache_read_") ? sum.add(each.getValue()) : sum;
      }
      return sum;
    }

    /** Tokens of the answer. */
    public BigDecimal outputTokens() {
      return usage.totalTokens().subtract(usage.promptTokens());
    }
  }

  /** Whether the caller says that the call failed: {@code status} in the metadata. */
  public boolean isFailed() {
    return metadata != null
        && metadata.contains("\"status\"")
        && Metadata.of(metadata).text("status", "").equals("failed");
  }

  /** Whether the caller says that it repeats another call: {@code attempt} is above 1. */
  public boolean isRetry() {
    return metadata != null
        && metadata.contains("\"attempt\"")
        && Metadata.of(metadata).isAbove("attempt", BigDecimal.ONE);
  }

  CostRow revised(CostOwner newOwner, CostAmount newCost, CanonicalUsage usage) {
    CostUse newUse = new CostUse(use.quantity(), use.unit(), use.durationMillis(), usage);
    return new CostRow(id, at, revision + 1, newOwner, what, newCost, newUse, metadata);
  }
}
