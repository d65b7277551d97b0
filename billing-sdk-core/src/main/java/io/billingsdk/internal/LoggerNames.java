package io.billingsdk.internal;

/**
 * The names that this library logs under. They are stable, because people filter by them; class
 * names are not.
 */
public final class LoggerNames {
  /** Start, close, configuration. */
  public static final String CLIENT = "io.billingsdk.Client";

  /** Every change of the connection's state. */
  public static final String CONNECTION = "io.billingsdk.Connection";

  /** The buffer and the delivery from it. */
  public static final String BUFFER = "io.billingsdk.Buffer";

  /** The key table. */
  public static final String KEYS = "io.billingsdk.Keys";

  private LoggerNames() {}
}
