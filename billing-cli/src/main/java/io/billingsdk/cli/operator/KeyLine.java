package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A key as {@code keys list} shows it: a line, without the key. */
final class KeyLine {
  private KeyLine() {}

  /**
   * The line.
   *
   * @param successor the key that a rotation made for it; null when it was not rotated
   */
  static String of(StoredKey key, @Nullable String successor, Instant now) {
    StringBuilder line = new StringBuilder(128);
    line.append(key.keyId()).append("  app=").append(Printable.name(key.appId())).append("  ");
    line.append(status(key, now));
    if (key.reason() != null) {
      line.append(" (").append(Printable.name(key.reason())).append(')');
    }
    if (!key.causes().isEmpty() && !key.causes().equals(List.of(BlockCause.OPERATOR))) {
      line.append("  causes=")
          .append(key.causes().stream().map(BlockCause::text).collect(Collectors.joining(",")));
    }
    line.append("  version=").append(key.version());
    if (key.expiresAtMillis() != null) {
      line.append("  expires=").append(Instant.ofEpochMilli(key.expiresAtMillis()));
    }
    if (successor != null) {
      line.append("  successor=").append(successor);
    }
    if (!key.models().isEmpty()) {
      line.append("  models=").append(Printable.name(String.join(",", key.models())));
    }
    Rate rate = key.rate();
    if (rate != null) {
      line.append("  rate=")
          .append(rate.perSecond().toPlainString())
          .append("/s,burst=")
          .append(rate.burst());
    }
    // Not how much of it is used: quotas list shows that.
    for (Quota quota : key.quotas()) {
      line.append("  quota=")
          .append(Printable.name(quota.meter()))
          .append('=')
          .append(quota.limit().toPlainString());
      line.append(quota.overage() ? ",overage" : "");
    }
    return line.toString();
  }

  /** A key that is let in until it ends is refused after that, whatever its row says. */
  private static String status(StoredKey key, Instant now) {
    Long expires = key.expiresAtMillis();
    boolean ended = expires != null && expires <= now.toEpochMilli();
    return key.status() == KeyStatus.OK && ended
        ? "expired"
        : key.status().name().toLowerCase(Locale.ROOT);
  }
}
