package io.billingsdk.server.access;

import java.util.Locale;
import java.util.Optional;

/** What a token lets its holder do. */
public enum Scope {
  /** Read. */
  READ,
  /** Read and change. */
  WRITE;

  /** Whether whoever has this may do what that asks for. */
  public boolean includes(Scope that) {
    return compareTo(that) >= 0;
  }

  /** As it is written: {@code read} or {@code write}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** That of a text; empty for any other text. */
  public static Optional<Scope> of(String text) {
    return switch (text) {
      case "read" -> Optional.of(READ);
      case "write" -> Optional.of(WRITE);
      default -> Optional.empty();
    };
  }
}
