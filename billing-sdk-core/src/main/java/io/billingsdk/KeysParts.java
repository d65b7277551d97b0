package io.billingsdk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The parts of {@link ClientStatus.Keys}, which documents them. */
record KeysParts(
    boolean loaded, int known, int blocked, @Nullable Instant updatedAt, long version) {

  KeysParts withVersion(long newVersion) {
    return new KeysParts(loaded, known, blocked, updatedAt, newVersion);
  }
}
