package io.billingsdk.journal;

import io.billingsdk.BillingClient;
import io.billingsdk.internal.journal.DeadLetterJournal;
import java.util.Map;

/**
 * Delivers events that were set aside: start {@link #client}, flush it, close it. What its close
 * calls delivered is gone from the journal; everything else stays set aside. Thread-safe.
 */
public final class DeadEventReplay {
  private final BillingClient client;
  private final DeadLetterJournal journal;

  DeadEventReplay(BillingClient client, DeadLetterJournal journal) {
    this.client = client;
    this.journal = journal;
  }

  /** The client that delivers them; not started. It takes no events of its own. */
  public BillingClient client() {
    return client;
  }

  /** How many events were refused again until now, by reason. */
  public Map<String, Long> refusedAgain() {
    return journal.refusedAgain();
  }
}
