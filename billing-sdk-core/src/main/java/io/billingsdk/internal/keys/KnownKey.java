package io.billingsdk.internal.keys;

/** One key of the table, found by its hash; its state changes. */
final class KnownKey {
  private final String sha256;
  private volatile KeyEntry entry;

  /** Of the table when the entry came; a snapshot that is older does not know better. */
  private volatile long tableVersion;

  KnownKey(String sha256, KeyEntry entry, long tableVersion) {
    this.sha256 = sha256;
    this.entry = entry;
    this.tableVersion = tableVersion;
  }

  String sha256() {
    return sha256;
  }

  KeyEntry entry() {
    return entry;
  }

  long tableVersion() {
    return tableVersion;
  }

  void become(KeyEntry newEntry, long newTableVersion) {
    entry = newEntry;
    tableVersion = newTableVersion;
  }
}
