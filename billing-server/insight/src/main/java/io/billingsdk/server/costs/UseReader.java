package io.billingsdk.server.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.Bucket;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.CostInputException;
import io.billingsdk.costs.Dimension;
import io.billingsdk.costs.UsageAdapter;
import io.billingsdk.server.costs.CostRow.CostUse;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads how much an event used, and who says so. */
final class UseReader {
  /** Read by a unit: the price decides which bucket it is. */
  static final String UNIT = "unit/1";

  /** The usage is refused: no price makes a cost of it. */
  static final String REFUSED = "refused/1";

  private static final SortedMap<String, UsageAdapter> ADAPTERS = adapters();

  static final CanonicalUsage NOTHING = CanonicalUsage.of(Map.of());

  private UseReader() {}

  /**
   * The use, and by which adapter it came.
   *
   * @param problem why no price can make a cost of it; null for none
   */
  record ReadUse(CostUse use, String adapter, @Nullable String problem) {}

  static ReadUse read(QueuedEvent event, Metadata metadata) {
    String unit = metadata.text("unit");
    Long duration = duration(event, metadata);
    Map<String, BigDecimal> quantities = event.quantities() == null ? Map.of() : event.quantities();
    String format = metadata.text("usage_format");
    if (format != null && event.kind() != AppendKind.CORRECTION) {
      return ofBody(event, format, metadata.tree().path("provider_usage"), unit, duration);
    }
    if (quantities.keySet().stream().anyMatch(QueuedEvent::isPriceable)) {
      return ofQuantities(event, quantities, unit, duration);
    }
    if (unit == null) {
      String problem = "quantities or a unit, which the event does not have";
      return refused(event.usage(), "units", duration, problem);
    }
    return ofUnit(event, metadata, unit, duration);
  }

  private static @Nullable Long duration(QueuedEvent event, Metadata metadata) {
    BigDecimal said = metadata.number("duration_ms");
    if (said == null && event.quantities() != null) {
      said = event.quantities().get("duration_ms");
    }
    return said == null || said.signum() < 0 ? null : said.longValue();
  }

  /** What a provider said, as it said it: a text of JSON, or an object. */
  private static ReadUse ofBody(
      QueuedEvent event,
      String format,
      JsonNode body,
      @Nullable String unit,
      @Nullable Long duration) {
    UsageAdapter adapter = ADAPTERS.get(format);
    if (adapter == null) {
      String problem =
          "usage_format must be one of " + String.join(", ", ADAPTERS.keySet()) + ", but is \"";
      return refused(event.usage(), orUnits(unit), duration, problem + format + '"');
    }
    return read(
        event,
        unit,
        duration,
        () -> adapter.read(body.isTextual() ? body.textValue() : body.toString()));
  }

  private static SortedMap<String, UsageAdapter> adapters() {
    SortedMap<String, UsageAdapter> adapters = new TreeMap<>();
    for (UsageAdapter each : UsageAdapter.values()) {
      adapters.put(each.name().toLowerCase(Locale.ROOT), each);
    }
    return Collections.unmodifiableSortedMap(adapters);
  }

  private static ReadUse ofQuantities(
      QueuedEvent event,
      Map<String, BigDecimal> quantities,
      @Nullable String unit,
      @Nullable Long duration) {
    return read(event, unit, duration, () -> UsageAdapter.QUANTITIES.read(quantities));
  }

  private static ReadUse read(
      QueuedEvent event,
      @Nullable String unit,
      @Nullable Long duration,
      Supplier<CanonicalUsage> reading) {
    try {
      CanonicalUsage usage = reading.get();
      CostUse use =
          unit == null
              ? inOwnUnit(usage, duration)
              : new CostUse(event.usage(), unit, duration, usage);
      return new ReadUse(use, usage.adapter(), null);
    } catch (CostInputException refused) {
      return refused(event.usage(), orUnits(unit), duration, String.valueOf(refused.getMessage()));
    }
  }

  private static String orUnits(@Nullable String unit) {
    return unit == null ? "units" : unit;
  }

  /** All tokens; of a use without tokens its first bucket. */
  private static CostUse inOwnUnit(CanonicalUsage usage, @Nullable Long duration) {
    if (usage.totalTokens().signum() > 0 || usage.quantities().isEmpty()) {
      return new CostUse(usage.totalTokens(), "tokens", duration, usage);
    }
    Map.Entry<Bucket, BigDecimal> first = usage.quantities().entrySet().iterator().next();
    return new CostUse(first.getValue(), baseUnit(first.getKey().dimension()), duration, usage);
  }

  private static String baseUnit(Dimension dimension) {
    return switch (dimension) {
      case TOKENS -> "tokens";
      case SECONDS -> "seconds";
      case BYTES -> "bytes";
      case GB_MONTHS -> "gb_months";
      case CHARACTERS -> "characters";
      case IMAGES -> "images";
      case PAGES -> "pages";
      case CALLS -> "calls";
    };
  }

  private static ReadUse ofUnit(
      QueuedEvent event, Metadata metadata, String unit, @Nullable Long duration) {
    boolean isCorrection = event.kind() == AppendKind.CORRECTION;
    UsedUnit known = UsedUnit.of(unit).orElse(null);
    if (known == null) {
      String problem = "unit must be one of " + UsedUnit.names() + ", but is \"" + unit + '"';
      return refused(event.usage(), unit, duration, problem);
    }
    if (event.usage().signum() < 0 && !isCorrection) {
      String problem = "usage must be at least 0, but is " + event.usage().toPlainString();
      return refused(event.usage(), unit, duration, problem);
    }
    if (known.isTokens() && isCorrection) {
      String problem = "which tokens it is of, which a correction does not say";
      return refused(event.usage(), unit, duration, problem);
    }
    BigDecimal prompt = metadata.number("prompt_tokens");
    BigDecimal completion = metadata.number("completion_tokens");
    if (known.isTokens() && (prompt != null || completion != null)) {
      Map<String, BigDecimal> split =
          Map.of("input_tokens", orZero(prompt), "output_tokens", orZero(completion));
      return ofQuantities(event, split, unit, duration);
    }
    CanonicalUsage first = NOTHING;
    try {
      first = alternative(known, event.usage(), known.buckets().get(0));
    } catch (CostInputException refused) {
      return refused(event.usage(), unit, duration, String.valueOf(refused.getMessage()));
    }
    return new ReadUse(new CostUse(event.usage(), unit, duration, first), UNIT, null);
  }

  static CanonicalUsage alternative(UsedUnit unit, BigDecimal quantity, Bucket bucket) {
    Map<Bucket, BigDecimal> one = new EnumMap<>(Bucket.class);
    one.put(bucket, quantity.abs().multiply(unit.factor()));
    return CanonicalUsage.of(one);
  }

  private static BigDecimal orZero(@Nullable BigDecimal value) {
    return value == null ? BigDecimal.ZERO : value;
  }

  private static ReadUse refused(
      BigDecimal quantity, String unit, @Nullable Long duration, String problem) {
    return new ReadUse(new CostUse(quantity, unit, duration, NOTHING), REFUSED, problem);
  }
}
