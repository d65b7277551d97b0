package io.billingsdk;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link UsageEvent}, field by field; {@link UsageEvent#builder} begins one. No method
 * throws because of its argument: {@link BillingClient#report} checks the event. The bounds of each
 * field are those of {@link UsageEvent}.
 *
 * <p>For one thread. You may go on with it after {@link #build}, for another event.
 */
public final class UsageEventBuilder {
  /**
   * One more than an event may have: enough to be refused, and no work for a map without an end.
   */
  private static final int MOST_COPIED = 17;

  final @Nullable String apiKey;
  final @Nullable String module;
  final @Nullable String model;
  @Nullable BigDecimal usage;
  Map<String, @Nullable BigDecimal> quantities = Map.of();
  @Nullable String subject;
  @Nullable String session;
  @Nullable String execution;
  @Nullable Map<String, ?> metadata;
  @Nullable Instant time;
  @Nullable String idempotencyKey;

  /** Behind {@link #quantities}, for as long as no event has it. */
  private @Nullable Map<String, @Nullable BigDecimal> own;

  UsageEventBuilder(@Nullable String apiKey, @Nullable String module, @Nullable String model) {
    this.apiKey = apiKey;
    this.module = module;
    this.model = model;
  }

  UsageEventBuilder(UsageEvent event) {
    this(event.apiKey(), event.module(), event.model());
    this.usage = event.usage();
    this.quantities = event.quantities();
    this.subject = event.subject();
    this.session = event.session();
    this.execution = event.execution();
    this.metadata = event.metadata();
    this.time = event.time();
    this.idempotencyKey = event.idempotencyKey();
  }

  /** How much. */
  public UsageEventBuilder usage(long newUsage) {
    this.usage = BigDecimal.valueOf(newUsage);
    return this;
  }

  /** How much; read as {@link UsageEvent#of(String, String, String, double)} says. */
  public UsageEventBuilder usage(double newUsage) {
    this.usage = ExactNumber.of(newUsage);
    return this;
  }

  /** How much. */
  public UsageEventBuilder usage(@Nullable BigDecimal newUsage) {
    this.usage = ExactNumber.of(newUsage);
    return this;
  }

  /** A further measurement, which replaces a quantity of the same name. */
  public UsageEventBuilder quantity(String name, long quantity) {
    return put(name, BigDecimal.valueOf(quantity));
  }

  /**
   * A further measurement, which replaces a quantity of the same name.
   *
   * @param quantity read as {@link UsageEvent#of(String, String, String, double)} says
   */
  public UsageEventBuilder quantity(String name, double quantity) {
    return put(name, ExactNumber.of(quantity));
  }

  /** A further measurement, which replaces a quantity of the same name. */
  public UsageEventBuilder quantity(String name, @Nullable BigDecimal quantity) {
    return put(name, ExactNumber.of(quantity));
  }

  /**
   * The further measurements, which replace all quantities.
   *
   * @param newQuantities copied; null or empty for none
   */
  public UsageEventBuilder quantities(@Nullable Map<String, BigDecimal> newQuantities) {
    quantities = Map.of();
    own = null;
    if (newQuantities != null) {
      int count = 0;
      for (Map.Entry<String, BigDecimal> each : newQuantities.entrySet()) {
        quantity(each.getKey(), each.getValue());
        count++;
        if (count == MOST_COPIED) {
          break;
        }
      }
    }
    return this;
  }

  private UsageEventBuilder put(String name, @Nullable BigDecimal quantity) {
    Map<String, @Nullable BigDecimal> map = own;
    if (map == null) {
      map = new LinkedHashMap<>(quantities);
      own = map;
      quantities = Collections.unmodifiableMap(map);
    }
    map.put(name, quantity);
    return this;
  }

  /** The end user; null for none, or for that of the {@link UsageContext}. */
  public UsageEventBuilder subject(@Nullable String newSubject) {
    this.subject = newSubject;
    return this;
  }

  /** The session of the end user; null for none, or for that of the {@link UsageContext}. */
  public UsageEventBuilder session(@Nullable String newSession) {
    this.session = newSession;
    return this;
  }

  /** The execution of your application; null for none, or for that of the {@link UsageContext}. */
  public UsageEventBuilder execution(@Nullable String newExecution) {
    this.execution = newExecution;
    return this;
  }

  /** More about it; not copied; null for none. */
  public UsageEventBuilder metadata(@Nullable Map<String, ?> newMetadata) {
    this.metadata = newMetadata;
    return this;
  }

  /** When it was used; null for the moment of reporting. */
  public UsageEventBuilder time(@Nullable Instant newTime) {
    this.time = newTime;
    return this;
  }

  /** Your own identity of the event; null for none. */
  public UsageEventBuilder idempotencyKey(@Nullable String newKey) {
    this.idempotencyKey = newKey;
    return this;
  }

  /** The event. */
  public UsageEvent build() {
    // The event has the map from now on: later fields go into another one.
    own = null;
    return new UsageEvent(this);
  }
}
