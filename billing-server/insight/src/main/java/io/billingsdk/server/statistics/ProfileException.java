package io.billingsdk.server.statistics;

/** A profile cannot be read. Without a stack trace: it is an outcome, not a fault. */
final class ProfileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final String expected;

  /**
   * At a place.
   *
   * @param place as {@code counters.exports.count}
   * @param expected the value that has to stand there
   */
  ProfileException(String place, String expected) {
    super(
        place + " must be " + expected,
        null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.place = place;
    this.expected = expected;
  }

  String place() {
    return place;
  }

  String expected() {
    return expected;
  }
}
