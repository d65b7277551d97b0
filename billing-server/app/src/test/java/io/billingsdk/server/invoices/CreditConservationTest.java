package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.Coupons;
import io.billingsdk.server.credits.Coupons.NewCoupon;
import io.billingsdk.server.credits.CreditRollover;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over random gifts, payments, credit notes and voids no money appears and none is lost. */
@Tag("postgres")
class CreditConservationTest {
  private static final int MONTHS = 6;
  private static final Duration MONTH = Duration.ofDays(31);

  /** Credit notes and voids are what they took off open amounts and what they gave as credit. */
  private static final String NOTES =
      """
      SELECT count(*) FROM (
        SELECT (SELECT coalesce(sum(total), 0) FROM invoice i
            WHERE i.customer_id = c.customer_id AND i.kind <> 'invoice') AS notes,
          (SELECT coalesce(sum(credited), 0) FROM invoice_state s
            WHERE s.customer_id = c.customer_id)
          + (SELECT coalesce(sum(amount), 0) FROM credit_grant g
            WHERE g.customer_id = c.customer_id AND g.source IN ('credit_note', 'void'))
          + (SELECT coalesce(sum(m.change), 0) FROM credit_movement m JOIN credit_grant g
            USING (credit_id) WHERE g.customer_id = c.customer_id AND m.kind = 'return'
            AND g.kind <> 'promotional') AS given
        FROM (SELECT DISTINCT customer_id FROM invoice) c) each WHERE notes <> given
      """;

  private static final String LEDGERS =
      """
      SELECT count(*) FROM credit_grant g WHERE g.remaining
        <> (SELECT sum(change) FROM credit_movement m WHERE m.credit_id = g.credit_id)
      """;

  /** An invoice is paid by the credits that say so. */
  private static final String BURNS =
      """
      SELECT count(*) FROM invoice i WHERE i.kind = 'invoice' AND i.prepaid
        <> (SELECT coalesce(-sum(m.change), 0) FROM credit_movement m
          JOIN credit_grant g USING (credit_id)
          WHERE m.document = i.number AND m.kind = 'burn' AND g.kind <> 'promotional')
      """;

  private static final String LINES =
      """
      SELECT count(*) FROM invoice_line l WHERE l.refers_to IS NULL AND l.net > 0 AND l.net
        < (SELECT coalesce(sum(net), 0) FROM invoice_line c
          WHERE c.refers_to = l.number AND c.refers_line = l.line)
      """;

  @TempDir Path directory;

  private final long seed = Long.getLong("credits.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int changes;
  private int refused;

  @Test
  void money_overRandomMonths_addsUp_andEveryDocumentIsMadeAgain() throws Exception {
    System.out.println("credit-conservation seed=" + seed);
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      List<String> customers = List.of("a", "b");
      customers.forEach(each -> world.customer(each, "UTC"));
      customers.forEach(world::subscribe);
      Instant now = InvoiceWorld.START;
      for (int month = 0; month < MONTHS; month++) {
        now = now.plus(MONTH);
        for (String customer : customers) {
          gift(world, customer);
          world.use(customer, now.minus(Duration.ofDays(5)), "" + random.nextInt(2_000));
          world.move(customer, now);
        }
        var unused = world.run();
        for (String customer : customers) {
          act(world, customer);
          act(world, customer);
        }
      }
      int documents = 0;
      for (String customer : customers) {
        for (Issued each : world.of(customer)) {
          documents++;
          assertThat(world.invoices().verify(each.number()).differences())
              .as("%s, seed %d", each.number(), seed)
              .isEmpty();
        }
      }
      for (String check : List.of(NOTES, LEDGERS, BURNS, LINES)) {
        assertThat(world.http.world().count(check)).as("seed %d: %s", seed, check).isZero();
      }
      Proof.of("credit-conservation")
          .with("documents", documents)
          .with("changes", changes)
          .with("refused", refused)
          .with("seed", seed)
          .print();
    }
  }

  private void gift(InvoiceWorld world, String customer) {
    Credits credits = new Credits(world.database, InvoiceWorld.TESTER);
    CreditKind kind = random.nextBoolean() ? CreditKind.PROMOTIONAL : CreditKind.PREPAID;
    int cents = 1 + random.nextInt(3_000);
    var unused =
        credits.give(
            new NewCredit(
                customer,
                kind,
                CreditSource.OPERATOR,
                Money.of("EUR", BigDecimal.valueOf(cents, 2)),
                random.nextInt(3),
                null,
                null,
                "gift",
                kind == CreditKind.PREPAID && random.nextBoolean() ? rollover(cents) : null));
    if (random.nextInt(3) == 0) {
      Coupons coupons = new Coupons(world.database, InvoiceWorld.TESTER);
      String id = "c" + changes;
      Discount discount = Discount.percent("" + (1 + random.nextInt(60)));
      coupons.create(new NewCoupon(id, id, discount, 1, Instant.EPOCH, null));
      var unusedToo = coupons.give(id, customer, null);
    }
    changes++;
  }

  private CreditRollover rollover(int cents) {
    int most = random.nextInt(cents + 1);
    return new CreditRollover(
        Money.of("EUR", BigDecimal.valueOf(random.nextInt(most + 1), 2)),
        Money.of("EUR", BigDecimal.valueOf(most, 2)),
        random.nextBoolean());
  }

  private void act(InvoiceWorld world, String customer) {
    List<Issued> invoices = new ArrayList<>(world.of(customer));
    invoices.removeIf(each -> !each.kind().equals("invoice"));
    Issued one = invoices.get(random.nextInt(invoices.size()));
    try {
      int choice = random.nextInt(8);
      if (choice == 0) {
        var unused =
            new CreditNotes(world.database, InvoiceWorld.TESTER)
                .voidInvoice(one.number(), "random");
      } else if (choice < 4) {
        pay(world, one);
      } else {
        credit(world, one);
      }
      changes++;
    } catch (RequestRefusedException expected) {
      refused++;
    }
  }

  private void pay(InvoiceWorld world, Issued one) {
    Money amount = Money.of("EUR", BigDecimal.valueOf(1 + random.nextInt(5_000), 2));
    var unused =
        new InvoiceStates(world.database, InvoiceWorld.TESTER).pay(one.number(), amount, "pay");
  }

  private void credit(InvoiceWorld world, Issued one) {
    JsonNode lines = InvoiceWorld.document(one).path("lines");
    int line = 1 + random.nextInt(lines.size());
    BigDecimal net = new BigDecimal(lines.get(line - 1).path("net").asText());
    BigDecimal part =
        net.multiply(BigDecimal.valueOf(1 + random.nextInt(100)))
            .movePointLeft(2)
            .setScale(2, RoundingMode.HALF_UP);
    var unused =
        new CreditNotes(world.database, InvoiceWorld.TESTER)
            .credit(one.number(), List.of(new PartOfLine(line, part)), "random");
  }
}
