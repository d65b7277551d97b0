package io.billingsdk.server.keys;

import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One API key as the server keeps it, without the key itself. The feed turns it into the message
 * that SDKs know. Immutable; the text of it names no hash.
 *
 * @param keyId its name, safe to print
 * @param keySha256 SHA-256 of the key, 64 hexadecimal digits
 * @param appId the application that it belongs to
 * @param reason the operator's, for a block; null for none
 * @param version only grows: of two records of a key the one with the higher version counts
 * @param expiresAtMillis from then on it is not valid; null for never
 * @param models names, or beginnings of names followed by {@code *}; empty for all
 * @param rate null for any
 */
public record StoredKey(
    String keyId,
    String keySha256,
    String appId,
    KeyStatus status,
    @Nullable String reason,
    long version,
    @Nullable Long expiresAtMillis,
    List<String> models,
    @Nullable Rate rate,
    List<Quota> quotas) {

  /** The lists are copied. */
  public StoredKey {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
  }

  /** Whether a key may be used. */
  public enum KeyStatus {
    /** It may, until it expires. */
    OK,
    /** An operator has blocked it. */
    BLOCKED,
    /** It is no more. Its record stays, so that an older one does not revive it. */
    REMOVED
  }

  @Override
  public String toString() {
    return "StoredKey[keyId=" + keyId + ", status=" + status + ", version=" + version + "]";
  }
}
