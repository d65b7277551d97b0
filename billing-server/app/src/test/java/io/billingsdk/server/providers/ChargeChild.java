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

/**
 * Charges an invoice and gives a part of it back, in a process of its own that dies at a failpoint
 * without a farewell.
 */
public final class ChargeChild {
  static final int KILLED = 137;

  private ChargeChild() {}

  /** Charges until the failpoint. */
  public static void main(String[] arguments) {
    Failpoint fatal = Failpoint.valueOf(arguments[5]);
    try (Database database =
        Database.at(
            new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD")))) {
      StripeAccount account =
          new StripeAccount(
              URI.create(arguments[2]), ProviderWorld.KEY, List.of(ProviderWorld.SECRET));
      StripeProvider stripe =
          new StripeProvider(account, InstantSource.system(), Duration.ofSeconds(5));
      ProviderParts parts =
          new ProviderParts(
              database,
              new Providers(List.of(stripe)),
              new MethodVault(new Secrets(Path.of(arguments[3]))),
              ProviderWorld.BACK,
              InstantSource.system(),
              reached -> {
                if (reached == fatal) {
                  Runtime.getRuntime().halt(KILLED);
                }
              });
      String number = arguments[4];
      if (fatal.name().startsWith("CHARGE")) {
        ChargeResult unused = parts.charges().charge(number, 1);
      } else {
        StoredRefund unused =
            parts
                .refunds()
                .refund(arguments[6], Money.of("USD", "40"), "crash", ProviderWorld.TESTER);
      }
    }
  }
}
