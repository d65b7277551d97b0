package io.billingsdk;

import static java.util.Objects.requireNonNull;

/**
 * Who makes a call: the identity behind an API key that was accepted.
 *
 * <p>It carries the ids, and lets usage be reported under its key, but has no accessor for the key
 * and never prints it. Two callers are equal when their ids are. Immutable and thread-safe.
 */
public final class Caller {
  private final String apiKey;
  private final String keyId;
  private final String appId;

  private Caller(String apiKey, String keyId, String appId) {
    this.apiKey = requireNonNull(apiKey, "apiKey");
    this.keyId = requireNonNull(keyId, "keyId");
    this.appId = requireNonNull(appId, "appId");
  }

  /**
   * Creates a caller, for implementations of {@link BillingClient}.
   *
   * @param apiKey the key that was presented
   * @param keyId a name for the key that is safe to print
   * @param appId the application that the key belongs to
   */
  public static Caller of(String apiKey, String keyId, String appId) {
    return new Caller(apiKey, keyId, appId);
  }

  /** A name for the key that is safe to print: it does not reveal the key. */
  public String keyId() {
    return keyId;
  }

  /** The application that the key belongs to. */
  public String appId() {
    return appId;
  }

  /** The key itself, for {@link UsageEvent#by}; not for anything that prints or stores. */
  String apiKey() {
    return apiKey;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Caller that && keyId.equals(that.keyId) && appId.equals(that.appId);
  }

  @Override
  public int hashCode() {
    return 31 * keyId.hashCode() + appId.hashCode();
  }

  @Override
  public String toString() {
    return "Caller[keyId=" + keyId + ", appId=" + appId + "]";
  }
}
