package io.billingsdk;

/**
 * The result of {@link BillingClient#flush} or {@link BillingClient#close}. Of the events that were
 * accepted since the client was started, and those that it found in its journal:
 *
 * <pre>
 *   accepted = delivered + held + deadLettered + dropped + lost
 * </pre>
 *
 * <p>Immutable and thread-safe; two with the same figures are equal.
 */
public final class DrainReport {
  private final Figures figures;

  private record Figures(long delivered, long held, long deadLettered, long dropped, long lost) {}

  private DrainReport(Figures figures) {
    this.figures = figures;
  }

  /**
   * A report without loss, for implementations of {@link BillingClient}.
   *
   * @param delivered events that were delivered
   * @param held events that are still in the buffer
   * @param deadLettered events that were set aside
   */
  public static DrainReport of(long delivered, long held, long deadLettered) {
    return new DrainReport(new Figures(delivered, held, deadLettered, 0, 0));
  }

  /** The same with so many events dropped. */
  public DrainReport withDropped(long dropped) {
    return new DrainReport(
        new Figures(delivered(), held(), deadLettered(), dropped, figures.lost()));
  }

  /** The same with so many events lost. */
  public DrainReport withLost(long lost) {
    return new DrainReport(
        new Figures(delivered(), held(), deadLettered(), figures.dropped(), lost));
  }

  /** Events that were delivered since the client was started. */
  public long delivered() {
    return figures.delivered();
  }

  /**
   * Events still in the buffer. After a flush they are delivered when the connection allows; after
   * a close they are in the journal, and the next process delivers them.
   */
  public long held() {
    return figures.held();
  }

  /** Events that the broker or the billing system refused for good; they are set aside, on disk. */
  public long deadLettered() {
    return figures.deadLettered();
  }

  /**
   * Events that this client gave up as it was configured to: the oldest, to make room ({@link
   * WhenFull#dropOldest}), or all, while it is switched off ({@link BillingConfigBuilder#enabled}).
   */
  public long dropped() {
    return figures.dropped();
  }

  /**
   * Events that were accepted and can no longer be delivered: those that a buffer in memory held
   * when the client was closed, or that a failing disk had not taken. Always 0 after a flush, since
   * the client still has them.
   */
  public long lost() {
    return figures.lost();
  }

  /** Whether every accepted event was delivered. */
  public boolean complete() {
    return held() == 0 && deadLettered() == 0 && dropped() == 0 && lost() == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DrainReport that && figures.equals(that.figures);
  }

  @Override
  public int hashCode() {
    return figures.hashCode();
  }

  /** All figures. */
  @Override
  public String toString() {
    return ValueText.of("DrainReport", figures);
  }
}
