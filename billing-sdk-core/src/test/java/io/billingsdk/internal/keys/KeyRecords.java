package io.billingsdk.internal.keys;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRecord.Status;
import io.billingsdk.protocol.KeyRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of keys, for tests. */
final class KeyRecords {
  private KeyRecords() {}

  static KeyRecord ok(String key, long version) {
    return record(key, Status.OK, version, null, List.of());
  }

  static KeyRecord blocked(String key, long version) {
    return record(key, Status.BLOCKED, version, null, List.of());
  }

  static KeyRecord removed(String key, long version) {
    return record(key, Status.REMOVED, version, null, List.of());
  }

  static KeyRecord record(
      String key, Status status, long version, @Nullable Long expiresAt, List<String> models) {
    return new KeyRecord(
        "id-" + key.replace("sk-", ""),
        KeyRef.sha256(key),
        "app",
        status,
        status == Status.BLOCKED ? "unpaid" : null,
        version,
        expiresAt,
        models,
        new KeyRecord.Rate(5, 10),
        List.of(new KeyRecord.Quota("tokens", 1_000, 10, 99L, /* overage= */ true)));
  }
}
