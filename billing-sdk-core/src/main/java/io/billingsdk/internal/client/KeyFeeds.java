package io.billingsdk.internal.client;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.keys.V1KeyFeed;
import io.billingsdk.internal.keys.V2KeyFeed;
import io.billingsdk.internal.time.RetrySchedule;
import java.util.List;

/** The feeds of both protocols into one key table, and who hears of a change. */
final class KeyFeeds {
  private final KeyTable table;
  private final SignsOfLife signs;
  private final SmallFiles files;
  private final Listeners listeners;
  private final Runnable onFirstKeys;
  private final V1KeyFeed v1;
  private final V2KeyFeed v2;

  /**
   * Does nothing yet.
   *
   * @param onFirstKeys run when the table is there, and any number of times after that
   */
  KeyFeeds(
      ClientContext context,
      KeyTable table,
      SignsOfLife signs,
      SmallFiles files,
      Listeners listeners,
      Runnable onFirstKeys) {
    this.table = table;
    this.signs = signs;
    this.files = files;
    this.listeners = listeners;
    this.onFirstKeys = onFirstKeys;
    RetrySchedule pauses = PartSettings.keyRequests();
    this.v1 =
        new V1KeyFeed(table, context.scheduler(), pauses, signs::askForKeys, this::changedByV1);
    this.v2 =
        new V2KeyFeed(
            table, context.clock(), context.scheduler(), pauses, this::beat, this::changedByV2);
  }

  V1KeyFeed v1() {
    return v1;
  }

  V2KeyFeed v2() {
    return v2;
  }

  /** Sends a sign of life, which in v2 is the request for keys, too. */
  void beat() {
    signs.beat(v2.wanted());
  }

  private void changedByV1(List<KeyChange> changes) {
    onFirstKeys.run();
    tell(changes);
  }

  private void changedByV2(List<KeyChange> changes) {
    if (table.loaded()) {
      onFirstKeys.run();
    }
    files.keysChanged();
    tell(changes);
  }

  private void tell(List<KeyChange> changes) {
    changes.forEach(change -> listeners.tell(listener -> listener.keyChanged(change)));
  }
}
