package io.billingsdk.benchmarks.stores;

import java.nio.file.Files;
import java.nio.file.Path;

/** The stores that are measured. */
public enum StoreKind {
  /** This project's journal; somebody waits for every event, as {@code reportDurably} does. */
  JOURNAL_EACH("journal_each"),

  /** This project's journal; somebody waits for the last event of a batch, as a peer's commit. */
  JOURNAL_BATCH("journal_batch"),

  SQLITE("sqlite"),

  H2_MVSTORE("h2_mvstore"),

  CHRONICLE("chronicle"),

  ROCKSDB("rocksdb");

  private final String label;

  StoreKind(String label) {
    this.label = label;
  }

  /** Its name in results. */
  public String label() {
    return label;
  }

  /** Whether it is this project's own. */
  public boolean isOwn() {
    return this == JOURNAL_EACH || this == JOURNAL_BATCH;
  }

  /** Opens it in a directory, which is made when it is not there; with what it holds already. */
  public EventStore open(Path directory) throws Exception {
    Files.createDirectories(directory);
    return switch (this) {
      case JOURNAL_EACH -> new JournalStore(directory, /* eachIsAwaited= */ true);
      case JOURNAL_BATCH -> new JournalStore(directory, /* eachIsAwaited= */ false);
      case SQLITE -> new SqliteStore(directory);
      case H2_MVSTORE -> new H2MvStore(directory);
      case CHRONICLE -> new ChronicleStore(directory);
      case ROCKSDB -> new RocksDbStore(directory);
    };
  }
}
