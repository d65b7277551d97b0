package io.billingsdk.testkit;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The door to the client that {@link Billing} holds. A reset of the one client of a process is
 * nothing that a service may do, so core has no public method for it: {@code Billing.exchange} is
 * package-private, and this class alone calls it, by reflection.
 */
final class Facade {
  private static final Method EXCHANGE = exchange();

  private Facade() {}

  /**
   * Installs a client in the place of the one that is there, and closes neither.
   *
   * @param next null for none
   * @return the one that was there; null if there was none
   */
  static @Nullable BillingClient exchange(@Nullable BillingClient next) {
    try {
      return (BillingClient) EXCHANGE.invoke(null, next);
    } catch (IllegalAccessException | InvocationTargetException failed) {
      throw new IllegalStateException("the billing client cannot be exchanged", failed);
    }
  }

  private static Method exchange() {
    try {
      Method method = Billing.class.getDeclaredMethod("exchange", BillingClient.class);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException anotherRelease) {
      throw new IllegalStateException(
          "billing-sdk-core is of another release than billing-sdk-testkit;"
              + " use the same version of both",
          anotherRelease);
    }
  }
}
