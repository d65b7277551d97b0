package io.billingsdk.server.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the audit log are meant; what is null restricts nothing.
 *
 * @param action as {@code key.block}; {@code key.} for all of keys
 * @param from the first moment that is meant
 * @param to the first moment that is not meant any more
 */
public record AuditFilter(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String subject,
    @Nullable Instant from,
    @Nullable Instant to) {
  /** All of them. */
  public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null);
}
