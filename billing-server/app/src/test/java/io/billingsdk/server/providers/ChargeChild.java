package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Charges an invoice or gives a part of it back, in a process of its own. At a failpoint it says so
 * and stands still until it is killed.
 */
public final class ChargeChild {
  static final String REACHED = "reached ";

  /** Less than the fake waits with an answer that is too late. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private ChargeChild() {}

  /** Charges until the failpoint. */
  public static void main(String[] arguments) {
    Failpoint fatal = Failpoint.valueOf(arguments[6]);
    try (Database database =
        Database.at(
            new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD")))) {
      ProviderName name = ProviderName.of(arguments[2]);
      ProviderParts parts =
          new ProviderParts(
              database,
              new Providers(
                  List.of(
                      provider(name, URI.create(arguments[3]), InstantSource.system(), PATIENCE))),
              new MethodVault(new Secrets(Path.of(arguments[4]))),
              ProviderWorld.BACK,
              InstantSource.system(),
              reached -> standStill(reached, fatal));
      String number = arguments[5];
      if (fatal.name().startsWith("CHARGE")) {
        ChargeResult unused = parts.charges().charge(number, 1);
      } else {
        StoredRefund unused =
            parts
                .refunds()
                .refund(arguments[7], Money.of("USD", "40"), "crash", ProviderWorld.TESTER);
      }
    }
  }

  private static void standStill(Failpoint reached, Failpoint fatal) {
    if (reached != fatal) {
      return;
    }
    System.out.println(REACHED + reached);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  static PaymentProvider provider(
      ProviderName name, URI fake, InstantSource clock, Duration patience) {
    if (name == ProviderName.STRIPE) {
      StripeAccount account =
          new StripeAccount(fake, ProviderWorld.KEY, List.of(ProviderWorld.SECRET));
      return new StripeProvider(account, clock, patience);
    }
    return new PayPalProvider(
        PayPalWorld.account(fake), clock, patience, PayPalCertificates.ofPayPal(clock));
  }
}
