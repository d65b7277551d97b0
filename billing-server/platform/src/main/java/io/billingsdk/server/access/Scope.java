package io.billingsdk.server.access;

import java.util.Locale;
import java.util.Optional;

/** What a token lets its holder do. */
public enum Scope {
  /** Send usage, and see nothing. */
  INTAKE,
  /** Read. */
  READ,
  /** Send usage, read and change. */
  WRITE;

  /** Whether whoever has this may do what that asks for. */
  public boolean includes(Scope that) {
    return this == that || this == WRITE;
  }

  /** As it is written: {@code intake}, {@code read} or {@code write}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** That of a text; empty for any other text. */
  public static Optional<Scope> of(String text) {
    return switch (text) {
      case "intake" -> Optional.of(INTAKE);
      case "read" -> Optional.of(READ);
      case "write" -> Optional.of(WRITE);
      default -> Optional.empty();
    };
  }
}
