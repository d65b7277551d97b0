package io.billingsdk.testkit;

/**
 * A key that a {@link LocalBillingServer} has created. It never prints the key. Immutable and
 * thread-safe.
 */
public final class LocalKey {
  private final String appId;
  private final String keyId;
  private final String apiKey;

  LocalKey(String appId, String keyId, String apiKey) {
    this.appId = appId;
    this.keyId = keyId;
    this.apiKey = apiKey;
  }

  /** The app that it belongs to. */
  public String appId() {
    return appId;
  }

  /** A name for the key that is safe to print. */
  public String keyId() {
    return keyId;
  }

  /** The key itself, as a caller presents it. */
  public String apiKey() {
    return apiKey;
  }

  @Override
  public String toString() {
    return "LocalKey[appId=" + appId + ", keyId=" + keyId + "]";
  }
}
