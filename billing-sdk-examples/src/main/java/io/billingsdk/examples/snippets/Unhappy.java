package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.ReportOutcome;

/** What to do when an event is not taken. */
final class Unhappy {
  private Unhappy() {}

  static String report(String apiKey, double seconds) {
    // region unhappy
    ReportOutcome outcome = Billing.reportUsage(apiKey, "asr", "whisper-1", seconds);
    if (outcome instanceof ReportOutcome.Rejected rejected) {
      return switch (rejected.reason()) {
        // Wrong for ever: a bug of ours; the message names the field and its bound.
        case INVALID, TOO_LARGE -> "bug: " + rejected.message();
        // The broker has been away for long, or the disk is full. Refuse work that nobody would pay
        // for.
        case BUFFER_FULL, STORAGE_UNAVAILABLE -> "busy: try again later";
        case NOT_STARTED, CLOSED -> "billing is not running";
      };
    }
    // endregion
    return "accepted";
  }
}
