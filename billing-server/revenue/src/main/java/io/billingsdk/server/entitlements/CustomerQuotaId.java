package io.billingsdk.server.entitlements;

/** The name of a quota that all keys of a customer share, in leases and wherever it is counted. */
public final class CustomerQuotaId {
  private static final String PREFIX = "customer/";

  private CustomerQuotaId() {}

  /** By customer and meter: it stays the same over all plans, and with it the counter. */
  public static String of(String customer, String meter) {
    return PREFIX + customer + "/" + meter;
  }

  /** Whether a text may be one. */
  public static boolean isOne(String id) {
    return id.startsWith(PREFIX) && id.indexOf('/', PREFIX.length()) > PREFIX.length();
  }

  /** The customer of one. */
  public static String customer(String id) {
    return id.substring(PREFIX.length(), id.indexOf('/', PREFIX.length()));
  }
}
