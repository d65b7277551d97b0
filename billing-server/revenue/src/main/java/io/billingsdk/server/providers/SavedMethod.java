package io.billingsdk.server.providers;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A payment method that a customer has saved at a provider. Immutable.
 *
 * @param sealed its token, encrypted, in hexadecimal digits
 * @param expiresOn the last day; null for never
 */
record SavedMethod(
    String id,
    long position,
    String customer,
    ProviderName provider,
    String sealed,
    String brand,
    String last4,
    @Nullable LocalDate expiresOn,
    boolean isDefault,
    Instant createdAt) {
  /** Without the token. */
  @Override
  public String toString() {
    return "SavedMethod[" + id + "]";
  }
}
