package io.billingsdk.system;

/** What collects: the billing server, or the small collector of these tests. */
interface Backend extends Victim, AutoCloseable {

  /** Waits until it has been ready once since it was started last. */
  void awaitReady();

  /**
   * Waits until it serves, as its supervisor does: one whose database dies while it starts ends,
   * and is started again.
   */
  void recover() throws Exception;

  /** The API key of the services. */
  String key();

  /** Where the checker looks. */
  Checker.Ledger ledger();

  /** As proof lines have it. */
  String text();

  @Override
  void close();
}
