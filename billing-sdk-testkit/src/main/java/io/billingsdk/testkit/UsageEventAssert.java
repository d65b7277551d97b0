package io.billingsdk.testkit;

import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on one event. No message shows its key. For one thread. */
public final class UsageEventAssert extends AbstractAssert<UsageEventAssert, UsageEvent> {
  private final @Nullable String appId;

  UsageEventAssert(UsageEvent actual, @Nullable String appId) {
    super(actual, UsageEventAssert.class);
    this.appId = appId;
  }

  /** Its key is one of this app. */
  public UsageEventAssert isBy(String expectedAppId) {
    return check("app", appId, expectedAppId);
  }

  /** It was reported under this key. */
  public UsageEventAssert hasKey(String apiKey) {
    if (!apiKey.equals(actual.apiKey())) {
      failWithMessage("Expected the event to have another key: %s", actual);
    }
    return this;
  }

  /** The module that was used. */
  public UsageEventAssert isOf(String module, String model) {
    check("module", actual.module(), module);
    return check("model", actual.model(), model);
  }

  /** How much was used; {@code 2} and {@code 2.0} are the same. */
  public UsageEventAssert hasUsage(BigDecimal usage) {
    BigDecimal found = actual.usage();
    if (found == null || found.compareTo(usage) != 0) {
      failWithMessage("Expected a usage of %s, but was %s: %s", usage, found, actual);
    }
    return this;
  }

  /** As {@link #hasUsage(BigDecimal)}. */
  public UsageEventAssert hasUsage(double usage) {
    return hasUsage(BigDecimal.valueOf(usage));
  }

  /** A quantity beside the usage, by its name; {@code 2} and {@code 2.0} are the same. */
  public UsageEventAssert hasQuantity(String name, BigDecimal quantity) {
    BigDecimal found = actual.quantities().get(name);
    if (found == null || found.compareTo(quantity) != 0) {
      failWithMessage(
          "Expected a quantity %s of %s, but there are %s: %s",
          name, quantity, actual.quantities(), actual);
    }
    return this;
  }

  /** As {@link #hasQuantity(String, BigDecimal)}. */
  public UsageEventAssert hasQuantity(String name, double quantity) {
    return hasQuantity(name, BigDecimal.valueOf(quantity));
  }

  /** These names of quantities and no others, in any order; none for an event without any. */
  public UsageEventAssert hasOnlyQuantities(String... names) {
    return check("the names of quantities", actual.quantities().keySet(), Set.of(names));
  }

  /** The end user. */
  public UsageEventAssert hasSubject(@Nullable String subject) {
    return check("subject", actual.subject(), subject);
  }

  /** The session of the end user. */
  public UsageEventAssert hasSession(@Nullable String session) {
    return check("session", actual.session(), session);
  }

  /** The execution of your application. */
  public UsageEventAssert hasExecution(@Nullable String execution) {
    return check("execution", actual.execution(), execution);
  }

  /** An entry of its metadata has this value. */
  public UsageEventAssert hasMetadata(String name, @Nullable Object value) {
    Map<String, ?> metadata = actual.metadata();
    if (metadata == null || !metadata.containsKey(name)) {
      failWithMessage(
          "Expected metadata with %s, but it has %s",
          name, metadata == null ? "none" : metadata.keySet());
      return this;
    }
    return check("metadata." + name, metadata.get(name), value);
  }

  /** Your own identity of the event. */
  public UsageEventAssert hasIdempotencyKey(String key) {
    return check("idempotencyKey", actual.idempotencyKey(), key);
  }

  private UsageEventAssert check(String what, @Nullable Object found, @Nullable Object expected) {
    if (!Objects.equals(found, expected)) {
      failWithMessage("Expected %s to be %s, but was %s: %s", what, expected, found, actual);
    }
    return this;
  }
}
