package io.billingsdk;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A use of a service: the key, the service, and the amount.
 *
 * <p>{@link #of} creates the usual one. Each {@code with} method, and {@link #quantity}, returns a
 * copy that differs in this field alone. {@link #builder} creates one with many fields at once.
 *
 * <p>An event may hold anything, and no method here throws because of its arguments; {@link
 * BillingClient#report} checks the bounds and names the fault. The bounds:
 *
 * <ul>
 *   <li>{@code apiKey}: the key to charge, 1 to 256 printable ASCII characters. It need not be
 *       known.
 *   <li>{@code module}: what kind of service, for example {@code llm}; {@code model}: which one,
 *       for example {@code gpt-4}. Each has 1 to 256 characters.
 *   <li>{@code usage}: how much, in the unit of the module; an exact decimal from 0 to
 *       2<sup>53</sup> with at most 18 decimals. It is what protocol v1 sees.
 *   <li>{@code quantities}: further measurements, up to 16 numbers with the bounds of {@code
 *       usage}; each name has 1 to 64 of {@code a-z 0-9 _}. {@link Quantities} has the common
 *       names. A billing system that speaks only protocol v1 does not get them.
 *   <li>{@code subject}, {@code session}, {@code execution}: for whom, as {@link UsageContext}
 *       says; each has 1 to 256 characters. Protocol v1 does not carry them either.
 *   <li>{@code metadata}: up to 32 entries; names of 1 to 64 characters; values are strings up to
 *       1,024 characters, finite numbers up to 512 bits and 128 decimal places, booleans, null, and
 *       maps or lists of those, one level deep. It is read while the event is reported, and not
 *       copied before.
 *   <li>{@code time}: when it was used; null for the moment of reporting.
 *   <li>{@code idempotencyKey}: your own identity of the event, 1 to 256 printable ASCII characters
 *       without space: of all events of one application with the same one, the first is counted.
 *       Billing systems that speak protocol v1 only may ignore it and count them all.
 * </ul>
 *
 * <p>Immutable and thread-safe, if its metadata is. Two events are equal when all of their fields
 * are. It never prints the key, the metadata, or the user.
 */
public final class UsageEvent {
  private final @Nullable String apiKey;
  private final @Nullable String module;
  private final @Nullable String model;
  private final @Nullable BigDecimal usage;
  private final Map<String, @Nullable BigDecimal> quantities;
  private final @Nullable String subject;
  private final @Nullable String session;
  private final @Nullable String execution;
  private final @Nullable Map<String, ?> metadata;
  private final @Nullable Instant time;
  private final @Nullable String idempotencyKey;

  UsageEvent(UsageEventBuilder from) {
    this.apiKey = from.apiKey;
    this.module = from.module;
    this.model = from.model;
    this.usage = from.usage;
    this.quantities = from.quantities;
    this.subject = from.subject;
    this.session = from.session;
    this.execution = from.execution;
    this.metadata = from.metadata;
    this.time = from.time;
    this.idempotencyKey = from.idempotencyKey;
  }

  /** An event of now, by key. */
  public static UsageEvent of(
      @Nullable String apiKey, @Nullable String module, @Nullable String model, long usage) {
    return builder(apiKey, module, model).usage(usage).build();
  }

  /**
   * An event of now, by key.
   *
   * @param usage stands for the decimal that {@link Double#toString} shows, rounded to 18 decimals:
   *     0.1 is a tenth. NaN and infinities are refused when the event is reported; so is a number
   *     above 0 that would be rounded to 0
   */
  public static UsageEvent of(
      @Nullable String apiKey, @Nullable String module, @Nullable String model, double usage) {
    return builder(apiKey, module, model).usage(usage).build();
  }

  /** An event of now, by key. */
  public static UsageEvent of(
      @Nullable String apiKey,
      @Nullable String module,
      @Nullable String model,
      @Nullable BigDecimal usage) {
    return builder(apiKey, module, model).usage(usage).build();
  }

  /** An event of now, by a caller that was let in. */
  public static UsageEvent by(
      Caller caller, @Nullable String module, @Nullable String model, long usage) {
    return builder(caller, module, model).usage(usage).build();
  }

  /**
   * An event of now, by a caller that was let in; see {@link #of(String, String, String, double)}.
   */
  public static UsageEvent by(
      Caller caller, @Nullable String module, @Nullable String model, double usage) {
    return builder(caller, module, model).usage(usage).build();
  }

  /** An event of now, by a caller that was let in. */
  public static UsageEvent by(
      Caller caller, @Nullable String module, @Nullable String model, @Nullable BigDecimal usage) {
    return builder(caller, module, model).usage(usage).build();
  }

  /** A builder of an event by key, which still needs its usage. */
  public static UsageEventBuilder builder(
      @Nullable String apiKey, @Nullable String module, @Nullable String model) {
    return new UsageEventBuilder(apiKey, module, model);
  }

  /** A builder of an event by a caller that was let in, which still needs its usage. */
  public static UsageEventBuilder builder(
      Caller caller, @Nullable String module, @Nullable String model) {
    return new UsageEventBuilder(caller.apiKey(), module, model);
  }

  /** A builder that begins with all fields of this event. */
  public UsageEventBuilder toBuilder() {
    return new UsageEventBuilder(this);
  }

  /** A copy of the event with this quantity, which replaces one of the same name. */
  public UsageEvent quantity(String name, long quantity) {
    return toBuilder().quantity(name, quantity).build();
  }

  /**
   * A copy of the event with this quantity, which replaces one of the same name.
   *
   * @param quantity read as the usage of {@link #of(String, String, String, double)}
   */
  public UsageEvent quantity(String name, double quantity) {
    return toBuilder().quantity(name, quantity).build();
  }

  /** A copy of the event with this quantity, which replaces one of the same name. */
  public UsageEvent quantity(String name, @Nullable BigDecimal quantity) {
    return toBuilder().quantity(name, quantity).build();
  }

  /**
   * The same event with these quantities, which replace all that it has.
   *
   * @param newQuantities copied; null or empty for none
   */
  public UsageEvent withQuantities(@Nullable Map<String, BigDecimal> newQuantities) {
    return toBuilder().quantities(newQuantities).build();
  }

  /** A copy of the event for this end user. */
  public UsageEvent withSubject(@Nullable String newSubject) {
    return toBuilder().subject(newSubject).build();
  }

  /** A copy of the event in this session of its end user. */
  public UsageEvent withSession(@Nullable String newSession) {
    return toBuilder().session(newSession).build();
  }

  /** A copy of the event in this execution of your application. */
  public UsageEvent withExecution(@Nullable String newExecution) {
    return toBuilder().execution(newExecution).build();
  }

  /** A copy of the event with this metadata. */
  public UsageEvent withMetadata(@Nullable Map<String, ?> newMetadata) {
    return toBuilder().metadata(newMetadata).build();
  }

  /** A copy of the event with this time of use. */
  public UsageEvent withTime(@Nullable Instant newTime) {
    return toBuilder().time(newTime).build();
  }

  /** A copy of the event with this identity of your own. */
  public UsageEvent withIdempotencyKey(@Nullable String newKey) {
    return toBuilder().idempotencyKey(newKey).build();
  }

  /** A copy of the event that takes from the context the fields that it does not have itself. */
  public UsageEvent inContext(UsageContext context) {
    if (context.isEmpty() || (subject != null && session != null && execution != null)) {
      return this;
    }
    return toBuilder()
        .subject(subject == null ? context.subject() : subject)
        .session(session == null ? context.session() : session)
        .execution(execution == null ? context.execution() : execution)
        .build();
  }

  /** The key to charge. */
  public @Nullable String apiKey() {
    return apiKey;
  }

  /** What kind of service. */
  public @Nullable String module() {
    return module;
  }

  /** Which one. */
  public @Nullable String model() {
    return model;
  }

  /** How much, without zeros at its end; null when it was not given, or was no finite number. */
  public @Nullable BigDecimal usage() {
    return usage;
  }

  /**
   * Further measurements by name, in the order in which they were given. A number that was null, or
   * not finite, is null. Cannot be changed.
   */
  public Map<String, @Nullable BigDecimal> quantities() {
    return quantities;
  }

  /** The end user; null when none is given. */
  public @Nullable String subject() {
    return subject;
  }

  /** The session of the end user; null when none is given. */
  public @Nullable String session() {
    return session;
  }

  /** The execution of the application; null when none is given. */
  public @Nullable String execution() {
    return execution;
  }

  /** More about it; null for none. */
  public @Nullable Map<String, ?> metadata() {
    return metadata;
  }

  /** When it was used; null for the moment of reporting. */
  public @Nullable Instant time() {
    return time;
  }

  /** Your own identity of the event; null for none. */
  public @Nullable String idempotencyKey() {
    return idempotencyKey;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UsageEvent that
        && Objects.equals(apiKey, that.apiKey)
        && Objects.equals(module, that.module)
        && Objects.equals(model, that.model)
        && Objects.equals(usage, that.usage)
        && quantities.equals(that.quantities)
        && Objects.equals(subject, that.subject)
        && Objects.equals(session, that.session)
        && Objects.equals(execution, that.execution)
        && Objects.equals(metadata, that.metadata)
        && Objects.equals(time, that.time)
        && Objects.equals(idempotencyKey, that.idempotencyKey);
  }

  @Override
  public int hashCode() {
    // Without the rest: a map of the application's may be large, and can throw.
    return Objects.hash(module, model, usage, quantities, time, idempotencyKey);
  }

  @Override
  public String toString() {
    return "UsageEvent[apiKey=***, module="
        + module
        + ", model="
        + model
        + ", usage="
        + usage
        + ", quantities="
        + quantities
        + ", subject="
        + shown(subject)
        + ", session="
        + shown(session)
        + ", execution="
        + shown(execution)
        + ", metadata="
        + shown(metadata)
        + ", time="
        + time
        + ", idempotencyKey="
        + shown(idempotencyKey)
        + "]";
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "none" : "***";
  }
}
