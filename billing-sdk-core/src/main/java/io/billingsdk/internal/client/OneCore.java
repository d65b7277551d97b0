package io.billingsdk.internal.client;

import io.billingsdk.BillingException;

/**
 * Whether this is the only core. With billing-sdk-core beside billing-sdk-core-shaded half of the
 * classes are of one jar and half of the other, or the MQTT library of the one is missing.
 */
final class OneCore {
  private static final String PLAIN = "META-INF/io.billingsdk/core";
  private static final String SHADED = "META-INF/io.billingsdk/core-shaded";

  private OneCore() {}

  /**
   * Looks on the class path.
   *
   * @throws BillingException when both are there
   */
  static void verify() {
    verify(OneCore.class.getClassLoader());
  }

  static void verify(ClassLoader loader) {
    if (loader.getResource(PLAIN) != null && loader.getResource(SHADED) != null) {
      throw new BillingException(
          "billing-sdk-core and billing-sdk-core-shaded are both on the class path; keep one:"
              + " exclude io.billingsdk:billing-sdk-core where billing-sdk-grpc brings it, or"
              + " remove billing-sdk-core-shaded");
    }
  }
}
