package io.billingsdk.server.statistics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whose statistics they are. */
enum PersonKind {
  /** A visit that nobody has logged in to. */
  SESSION(1),
  /** A visitor who comes again, without a login. */
  GUEST(2),
  /** Somebody whom an application knows. */
  USER(3);

  private final byte code;

  PersonKind(int code) {
    this.code = (byte) code;
  }

  /** As a token has it; the same for ever. */
  byte code() {
    return code;
  }

  /** As files and tables have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As the figures of a person call it. */
  String userType() {
    return this == USER ? "authenticated" : text();
  }

  static Optional<PersonKind> of(byte code) {
    return Arrays.stream(values()).filter(each -> each.code == code).findFirst();
  }

  static Optional<PersonKind> of(String text) {
    return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
  }
}
