package io.billingsdk.server.privacy;

import io.billingsdk.server.http.JsonBody;
import org.jspecify.annotations.Nullable;

/**
 * Who is meant: a person by identifier, or by subject. Its text shows neither.
 *
 * @param identifier null if the subject is given
 * @param subject empty if the identifier is given
 */
record PersonName(@Nullable String identifier, String subject) {
  static final int IDENTIFIER_CHARS = 256;
  private static final int SUBJECT_CHARS = 64;

  /** Reads one of both from a body: a path or a query would be in logs. */
  static PersonName of(JsonBody body) {
    @Nullable String identifier = body.optionalText("identifier", IDENTIFIER_CHARS).orElse(null);
    String subject = body.optionalText("subject", SUBJECT_CHARS).orElse("");
    if ((identifier == null) == subject.isEmpty()) {
      throw body.wrong("identifier", "given, or subject instead, and not both");
    }
    return new PersonName(identifier, subject);
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "PersonName[]";
  }
}
