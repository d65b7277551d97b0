package io.billingsdk.examples.demo;

/**
 * A key that was given to an application. Never prints the key.
 *
 * @param keyId a name for the key that is safe to print
 */
public record IssuedKey(String appId, String keyId, String apiKey) {
  @Override
  public String toString() {
    return "IssuedKey[appId=" + appId + ", keyId=" + keyId + "]";
  }
}
