package io.billingsdk.internal.delivery;

import io.billingsdk.protocol.StreamSecret;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The proofs that streams are of this journal, whichever process wrote them. Thread-safe. */
@FunctionalInterface
public interface StreamSecrets {
  /** No proofs: a stream is then known by the instance that opened it. */
  StreamSecrets NONE = stream -> null;

  /** That of a stream; null when there is none. */
  @Nullable StreamSecret of(UUID stream);
}
