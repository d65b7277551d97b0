package io.billingsdk.server;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.ledger.LedgerFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data directory that was restored from a backup.
 *
 * @param mark there from the restore until it is announced
 */
record Restored(Path mark) {
  private static final Logger log = LoggerFactory.getLogger(Restored.class);

  /**
   * Raises the version of the keys and renews the id of the ledger, if it was. Otherwise services
   * would not believe keys whose versions have gone back, nor know that receipted events may be
   * missing.
   */
  void announce(Database database) {
    if (!Files.exists(mark)) {
      return;
    }
    try {
      long version = new KeyVersions(database, new Actor("server")).raise();
      UUID ledger = LedgerFeature.renewId(database);
      Files.delete(mark);
      log.info(
          "restored from a backup: the key table has version {}, the ledger id is {} now",
          version,
          ledger);
    } catch (DatabaseException | IOException failed) {
      throw new InstallationException(
          "the restored keys and ledger cannot be announced: " + failed.getMessage(), failed);
    }
  }
}
