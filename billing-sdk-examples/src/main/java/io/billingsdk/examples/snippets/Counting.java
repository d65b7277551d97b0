package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.Statistics;
import java.time.Duration;

/** What a session does, for its statistics. */
final class Counting {
  void count(String key, String token, long bytes) {
    // region statistics
    Statistics session = Billing.session(key, token);
    session.fileUploaded("audio", bytes, "mp3");
    session.exported(Duration.ofMinutes(5), "mp4", true);
    // endregion
  }
}
